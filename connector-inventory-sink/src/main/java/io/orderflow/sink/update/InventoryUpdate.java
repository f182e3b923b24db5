package io.orderflow.sink.update;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The quantities that an order reserves, ships, receives or returns.
 *
 * @param quantities by SKU, each more than 0; the caller does not change the map afterwards
 */
public record InventoryUpdate(
    Object orderId, long version, Intent intent, SortedMap<String, Long> quantities)
    implements StockUpdate {

  public InventoryUpdate {
    quantities = Collections.unmodifiableSortedMap(quantities);
  }

  @Override
  public SortedMap<String, Effect> effects() {
    if (!intent.movesStock()) {
      return Collections.emptySortedMap();
    }
    TreeMap<String, Effect> effects = new TreeMap<>();
    quantities.forEach((sku, quantity) -> effects.put(sku, intent.effect(quantity)));
    return effects;
  }
}
