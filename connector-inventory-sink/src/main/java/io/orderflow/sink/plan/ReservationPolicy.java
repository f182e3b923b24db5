package io.orderflow.sink.plan;

/** What becomes of an order that wants to reserve more than there is. */
public enum ReservationPolicy {
  /** It reserves nothing, and is rejected. */
  ALL_OR_NOTHING,
  /** It reserves of each SKU what there is; the rest is backordered. */
  PARTIAL
}
