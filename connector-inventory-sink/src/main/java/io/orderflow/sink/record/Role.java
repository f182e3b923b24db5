package io.orderflow.sink.record;

/** What the records of a topic are. */
public enum Role {
  /** Order events, as the orders source writes them. */
  ORDER,
  /** Inventory updates, which name their intent themselves. */
  INVENTORY,
  /** Payment updates. */
  PAYMENT
}
