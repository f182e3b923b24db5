package io.orderflow.source.log.change;

import java.util.HashMap;
import java.util.Map;

/**
 * Versions of orders that look-ups have shown ahead of the log: the changes that made them are not
 * emitted yet. While there are any, some emitted orders are newer than others of the same
 * transaction.
 *
 * @param versions by order ID
 */
public record DeferredVersions(Map<String, Long> versions) {

  /** No version is deferred. */
  public static final DeferredVersions NONE = new DeferredVersions(Map.of());

  /** Only the deletion of the order is newer. */
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

    /** A look-up shows a version whose change is still to come. */
    void shown(String orderId, long version) {
      versions.merge(orderId, version, Math::max);
      changed = true;
    }

    /** A look-up shows that the order is deleted; its deletion is still to come. */
    void shownDeleted(String orderId) {
      versions.put(orderId, DELETED);
      changed = true;
    }

    /** The change that made a version has come. */
    void reached(String orderId, long version) {
      Long deferred = versions.get(orderId);
      if (deferred != null && deferred <= version) {
        versions.remove(orderId);
        changed = true;
      }
    }

    /** The deletion of the order has come. */
    void deletionReached(String orderId) {
      changed |= versions.remove(orderId) != null;
    }

    DeferredVersions result() {
      return changed ? new DeferredVersions(versions) : before;
    }
  }
}
