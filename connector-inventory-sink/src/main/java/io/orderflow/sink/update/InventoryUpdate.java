package io.orderflow.sink.update;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an order wants of the stock.
 *
 * @param quantities by SKU, each more than 0; the map is handed over, and not changed afterwards
 */
public record InventoryUpdate(
    Object orderId, long version, Intent intent, SortedMap<String, Long> quantities)
    implements StockUpdate {

  public InventoryUpdate {
    quantities = Collections.unmodifiableSortedMap(quantities);
  }

  @Override
  public SortedMap<String, Effect> effects() {
    TreeMap<String, Effect> effects = new TreeMap<>();
    if (intent.movesStock()) {
      for (Map.Entry<String, Long> wanted : quantities.entrySet()) {
        effects.put(wanted.getKey(), intent.effect(wanted.getValue()));
      }
    }
    return effects;
  }
}
