package io.orderflow.sink.record;

/** The kind of records in a topic. */
public enum Role {
  /** Order events in the form that the orders source writes. */
  ORDER,
  /** Inventory updates, which contain their intent. */
  INVENTORY,
  /** Payment updates. */
  PAYMENT
}
