package io.orderflow.sink.update;

import java.util.SortedMap;

/** An update that says what an order does to stock. */
public sealed interface StockUpdate extends Update permits InventoryUpdate, Deletion {

  /** By SKU, what the order is to do to stock from now on; nothing that is {@link Effect#NONE}. */
  SortedMap<String, Effect> effects();
}
