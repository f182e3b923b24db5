package io.orderflow.sink.plan;

/** The outcome of an order that asks for more than is available. */
public enum ReservationPolicy {
  /** The order reserves nothing and is rejected. */
  ALL_OR_NOTHING,
  /** The order reserves what is available of each SKU; the rest is backordered. */
  PARTIAL
}
