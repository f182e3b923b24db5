package io.orderflow.sink.plan;

/** Why an order is in its state, where the intent alone does not say: the column {@code reason}. */
public enum Reason {
  /** REJECTED: more would be reserved than is on hand. */
  INSUFFICIENT_STOCK,
  /** REJECTED: it reserves or ships an SKU that is not in stock and never was. */
  UNKNOWN_SKU,
  /** REJECTED: the quantities are beyond what a bigint can hold. */
  OUT_OF_RANGE,
  /** RELEASED: the order was deleted in the shop. */
  DELETED
}
