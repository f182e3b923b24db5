package io.orderflow.sink.plan;

/** Why an order is in its state, where the intent alone does not say: the column {@code reason}. */
public enum Reason {
  /** REJECTED or PARTIALLY_RESERVED: more would be reserved than is on hand. */
  INSUFFICIENT_STOCK,
  /** The same: it reserves, or ships, an SKU that is not in stock and never was. */
  UNKNOWN_SKU,
  /** The same: the quantities are beyond what a bigint can hold. */
  OUT_OF_RANGE,
  /** RELEASED: the order was deleted in the shop. */
  DELETED
}
