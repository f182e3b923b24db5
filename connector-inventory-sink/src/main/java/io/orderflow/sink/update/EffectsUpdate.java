package io.orderflow.sink.update;

import java.util.SortedMap;

/** An update that replaces the effects of an order, or of a stock document, on stock. */
public sealed interface EffectsUpdate extends StockUpdate
    permits InventoryUpdate, StockDocument, Deletion {

  /** All effects of the order from now on, without {@link Effect#NONE}. */
  SortedMap<StockItem, Effect> effects();
}
