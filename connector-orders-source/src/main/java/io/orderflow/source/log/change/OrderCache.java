package io.orderflow.source.log.change;

import io.orderflow.source.offset.TransactionSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The orders that were used most recently, so that most changes need no look-up. An evicted order
 * is looked up at its next change. For one thread.
 */
public final class OrderCache {

  private final Map<String, CachedOrder> orders;

  /** Creates an empty cache of at most {@code maxOrders} orders. */
  public OrderCache(int maxOrders) {
    orders = new LeastRecentlyUsed(maxOrders);
  }

  @Nullable CachedOrder get(String orderId) {
    return orders.get(orderId);
  }

  /** Stores what a resolution has changed; an empty value evicts the order. */
  public void apply(Map<String, Optional<CachedOrder>> changes) {
    changes.forEach(
        (orderId, order) ->
            order.ifPresentOrElse(
                present -> orders.put(orderId, present), () -> orders.remove(orderId)));
  }

  /** Evicts all orders. */
  public void clear() {
    orders.clear();
  }

  private static final class LeastRecentlyUsed extends LinkedHashMap<String, CachedOrder> {

    private static final long serialVersionUID = 1L;

    private final int maxOrders;

    LeastRecentlyUsed(int maxOrders) {
      super(16, 0.75f, true);
      this.maxOrders = maxOrders;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, CachedOrder> eldest) {
      return size() > maxOrders;
    }
  }

  /**
   * The state of an order, from its own changes or from a look-up.
   *
   * @param values of its row, in the order of the schema's columns
   * @param items for each item its values, in the order of the schema's columns
   * @param lookedUpIn the snapshot of the look-up, which may show changes that are not streamed
   *     yet; null if the whole state comes from the log, up to the last emitted change
   * @param emittedVersion the version that was emitted last; {@link OrderChange#NO_VERSION} if none
   *     is known
   */
  record CachedOrder(
      List<@Nullable Object> values,
      List<List<@Nullable Object>> items,
      @Nullable TransactionSnapshot lookedUpIn,
      long emittedVersion) {

    /** Whether the state already contains the changes of a transaction. */
    boolean shows(long xid) {
      return lookedUpIn != null && lookedUpIn.shows32(xid);
    }

    CachedOrder withEmittedVersion(long version) {
      return new CachedOrder(values, items, lookedUpIn, version);
    }
  }
}
