package io.orderflow.source.log.change;

import io.orderflow.source.offset.Lsn;
import java.util.HashMap;
import java.util.Map;

/**
 * Versions of orders that look-ups have shown ahead of the log: their own changes are not reached
 * yet. While versions are deferred, the emitted orders are not yet in a state that the database was
 * in.
 *
 * @param versions by order ID
 * @param until once the stream has passed this position, all their changes are reached
 */
public record DeferredVersions(Map<String, Long> versions, Lsn until) {

  /** No version is deferred. */
  public static final DeferredVersions NONE = new DeferredVersions(Map.of(), new Lsn(0));

  /** Marks a deferred deletion, which is newer than any version. */
  private static final long DELETED = Long.MAX_VALUE;

  public DeferredVersions {
    versions = Map.copyOf(versions);
  }

  public boolean isEmpty() {
    return versions.isEmpty();
  }

  /**
   * The versions that are still deferred once all changes before a position are resolved. An order
   * that a look-up does not show may never have existed, so that no deletion of it comes.
   */
  public DeferredVersions reached(Lsn position) {
    return until.isAfter(position) ? this : NONE;
  }

  /** A copy to change while one batch is resolved. */
  Changes change() {
    return new Changes(this);
  }

  /** Deferred versions while one batch is resolved. Copies only if something changes. */
  static final class Changes {

    private final DeferredVersions before;
    private final Map<String, Long> versions;
    private Lsn until;
    private boolean changed;

    private Changes(DeferredVersions before) {
      this.before = before;
      until = before.until;
      versions = new HashMap<>(before.versions);
    }

    /**
     * Defers a version that a look-up shows, until its change is reached.
     *
     * @param last a position after the change
     */
    void shown(String orderId, long version, Lsn last) {
      versions.merge(orderId, version, Math::max);
      until = until.max(last);
      changed = true;
    }

    /**
     * Defers a deletion that a look-up shows, until it is reached.
     *
     * @param last a position after the deletion
     */
    void shownDeleted(String orderId, Lsn last) {
      versions.put(orderId, DELETED);
      until = until.max(last);
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
      return changed ? new DeferredVersions(versions, until) : before;
    }
  }
}
