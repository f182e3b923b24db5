package io.orderflow.sink.plan;

import io.orderflow.sink.update.Intent;

/** How an order stands with the stock: the column {@code state} of its row. */
public enum State {
  RESERVED,
  /** Some of what it wanted is reserved, the rest is backordered; the {@link Reason} says why. */
  PARTIALLY_RESERVED,
  /** What it wanted does not fit the stock; the {@link Reason} says why. */
  REJECTED,
  SHIPPED,
  RELEASED,
  RECEIVED,
  RETURNED;

  /** What becomes of an order whose intent fits. */
  static State after(Intent intent) {
    return switch (intent) {
      case RESERVE -> RESERVED;
      case RELEASE -> RELEASED;
      case SHIP -> SHIPPED;
      case RECEIVE -> RECEIVED;
      case RETURN -> RETURNED;
    };
  }
}
