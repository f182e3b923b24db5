package io.orderflow.sink.update;

import java.util.Collections;
import java.util.SortedMap;

/**
 * What an order reserves, ships, receives or returns.
 *
 * @param effects without {@link Effect#NONE}; the caller does not change the map afterwards
 */
public record InventoryUpdate(
    Object orderId, long version, Intent intent, SortedMap<StockItem, Effect> effects)
    implements EffectsUpdate {

  public InventoryUpdate {
    effects = Collections.unmodifiableSortedMap(effects);
  }
}
