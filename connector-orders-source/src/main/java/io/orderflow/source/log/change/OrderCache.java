package io.orderflow.source.log.change;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The orders that were changed last, so that most changes need no look-up. They are few enough to
 * be held, and what is forgotten is looked up.
 */
final class OrderCache {

  private final Map<String, CachedOrder> orders;

  OrderCache(int most) {
    orders = new Recent(most);
  }

  @Nullable CachedOrder get(String orderId) {
    return orders.get(orderId);
  }

  void put(String orderId, CachedOrder order) {
    orders.put(orderId, order);
  }

  void forget(String orderId) {
    orders.remove(orderId);
  }

  void forgetAll() {
    orders.clear();
  }

  /** Forgets what was used least recently. */
  private static final class Recent extends LinkedHashMap<String, CachedOrder> {

    private static final long serialVersionUID = 1L;

    private final int most;

    Recent(int most) {
      super(16, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, CachedOrder> eldest) {
      return size() > most;
    }
  }
}
