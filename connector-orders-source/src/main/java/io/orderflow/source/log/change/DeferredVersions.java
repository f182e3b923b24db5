package io.orderflow.source.log.change;

import java.util.HashMap;
import java.util.Map;

/**
 * Versions of orders that look-ups have shown before the transactions that made them are told. As
 * long as there are any, some orders are told as they were, or not yet, and others of the same
 * transaction as they became. For one thread; outlives a stream that is lost.
 */
public final class DeferredVersions {

  /** Only a deletion is newer. */
  private static final long GONE = Long.MAX_VALUE;

  private final Map<String, Long> versions = new HashMap<>();

  /** A look-up shows a version that is told in its turn. */
  public void shown(String orderId, long version) {
    versions.merge(orderId, version, Math::max);
  }

  /** A look-up shows no order: its deletion is told in its turn. */
  void gone(String orderId) {
    versions.put(orderId, GONE);
  }

  /** A transaction with this version of the order has had its turn. */
  public void told(String orderId, long version) {
    Long owed = versions.get(orderId);
    if (owed != null && owed <= version) {
      versions.remove(orderId);
    }
  }

  void deleted(String orderId) {
    versions.remove(orderId);
  }

  /** Whether all that was told is a state that the shop was in. */
  public boolean isNothing() {
    return versions.isEmpty();
  }

  /** What is owed is waited for no longer. */
  public void forget() {
    versions.clear();
  }
}
