package io.orderflow.source.log.change;

import java.util.HashMap;
import java.util.Map;

/**
 * Versions of orders that look-ups have shown ahead of the log: their own changes are not reached
 * yet. While versions are deferred, the emitted orders are not yet in a state that the database was
 * in.
 *
 * @param versions by order ID
 */
public record DeferredVersions(Map<String, Long> versions) {

  /** No version is deferred. */
  public static final DeferredVersions NONE = new DeferredVersions(Map.of());

  /** Marks a deferred deletion, which is newer than any version. */
  private static final long DELETED = Long.MAX_VALUE;

  public DeferredVersions {
    versions = Map.copyOf(versions);
  }

  public boolean isEmpty() {
    return versions.isEmpty();
  }

  /** A copy to change while one batch is resolved. */
  Changes change() {
    return new Changes(this);
  }

  /** Deferred versions while one batch is resolved. Copies only if something changes. */
  static final class Changes {

    private final DeferredVersions before;
    private final Map<String, Long> versions;
    private boolean changed;

    private Changes(DeferredVersions before) {
      this.before = before;
      versions = new HashMap<>(before.versions);
    }

    /** Defers a version that a look-up shows, until its change is reached. */
    void shown(String orderId, long version) {
      versions.merge(orderId, version, Math::max);
      changed = true;
    }

    /** Defers a deletion that a look-up shows, until it is reached. */
    void shownDeleted(String orderId) {
      versions.put(orderId, DELETED);
      changed = true;
    }

    /** Ends the deferral of versions up to one whose change is reached. */
    void reached(String orderId, long version) {
      Long deferred = versions.get(orderId);
      if (deferred != null && deferred <= version) {
        versions.remove(orderId);
        changed = true;
      }
    }

    /** Ends the deferral of any version of an order whose deletion is reached. */
    void deletionReached(String orderId) {
      changed |= versions.remove(orderId) != null;
    }

    DeferredVersions result() {
      return changed ? new DeferredVersions(versions) : before;
    }
  }
}
