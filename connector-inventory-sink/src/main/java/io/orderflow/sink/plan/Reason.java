package io.orderflow.sink.plan;

/** Why an order is in its state, if the intent does not explain it: the column {@code reason}. */
public enum Reason {
  /**
   * REJECTED or PARTIALLY_RESERVED: more would be reserved than may be sold, or more would leave
   * than is on hand.
   */
  INSUFFICIENT_STOCK,
  /** REJECTED or PARTIALLY_RESERVED: it reserves or ships an SKU that was never in stock. */
  UNKNOWN_SKU,
  /** REJECTED or PARTIALLY_RESERVED: the stock would exceed the range of a bigint. */
  OUT_OF_RANGE,
  /** REJECTED: goods were moved, or counted again, after the time as of which they were counted. */
  STALE_COUNT,
  /** REJECTED: the reservation had expired, and more would be reserved again than is on hand. */
  EXPIRED,
  /** RELEASED: the order was deleted in the source database. */
  DELETED
}
