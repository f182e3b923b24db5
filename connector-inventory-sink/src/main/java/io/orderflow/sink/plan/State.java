package io.orderflow.sink.plan;

import io.orderflow.sink.update.Intent;

/** The state of an order in the warehouse: the column {@code state}. */
public enum State {
  RESERVED,
  /** Some of the order is reserved, the rest is backordered; the {@link Reason} says why. */
  PARTIALLY_RESERVED,
  /** The order does not fit the stock; the {@link Reason} says why. */
  REJECTED,
  SHIPPED,
  RELEASED,
  RECEIVED,
  RETURNED,
  /** What the order had reserved was released, because its time was over. */
  EXPIRED,
  /** The first version of the order says only to keep its effects, of which it has none. */
  KEPT;

  /** The state of an order whose intent fits. */
  static State after(Intent intent) {
    return switch (intent) {
      case RESERVE -> RESERVED;
      case RELEASE -> RELEASED;
      case SHIP -> SHIPPED;
      case RECEIVE -> RECEIVED;
      case RETURN -> RETURNED;
      case KEEP -> KEPT;
    };
  }
}
