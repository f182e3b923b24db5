package io.orderflow.sink.update;

import java.util.Collections;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What an order reserves, ships, receives or returns.
 *
 * @param effects without {@link Effect#NONE}; the caller does not change the map afterwards
 * @param deadline when its reservation expires; null if it does not
 * @param older the update of the same batch that this one supersedes, if its deadline may count;
 *     null if there is none
 */
public record InventoryUpdate(
    Object orderId,
    long version,
    Intent intent,
    SortedMap<StockItem, Effect> effects,
    @Nullable Deadline deadline,
    @Nullable StockUpdate older)
    implements EffectsUpdate {

  public InventoryUpdate {
    effects = Collections.unmodifiableSortedMap(effects);
  }

  /** An update whose reservation never expires. */
  public InventoryUpdate(
      Object orderId, long version, Intent intent, SortedMap<StockItem, Effect> effects) {
    this(orderId, version, intent, effects, null);
  }

  public InventoryUpdate(
      Object orderId,
      long version,
      Intent intent,
      SortedMap<StockItem, Effect> effects,
      @Nullable Deadline deadline) {
    this(orderId, version, intent, effects, deadline, null);
  }

  /** This version after an older one of the order in the same batch. */
  InventoryUpdate after(StockUpdate superseded) {
    return new InventoryUpdate(orderId, version, intent, effects, deadline, superseded);
  }
}
