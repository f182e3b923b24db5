package io.orderflow.sink.plan;

import io.orderflow.sink.update.DocumentIntent;
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
  /** The order waited for stock, and has reserved all of it since. */
  BACKORDER_FILLED,
  /** A document has corrected the quantity on hand. */
  ADJUSTED,
  /** A document has said how much is on hand. */
  COUNTED,
  /** A document keeps goods on hand from being sold. */
  ON_HOLD,
  /** Goods have left one location for another. */
  IN_TRANSIT,
  /** Goods have arrived from another location. */
  TRANSFERRED,
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

  /** Whether a stock document with the reason that its record gives has this state. */
  public boolean hasNote() {
    return this == ADJUSTED
        || this == COUNTED
        || this == ON_HOLD
        || this == IN_TRANSIT
        || this == TRANSFERRED;
  }

  /** The state of a stock document whose intent fits. */
  static State after(DocumentIntent intent) {
    return switch (intent) {
      case ADJUST -> ADJUSTED;
      case COUNT -> COUNTED;
      case HOLD -> ON_HOLD;
      case TRANSFER -> IN_TRANSIT;
      case TRANSFER_RECEIVED -> TRANSFERRED;
    };
  }
}
