package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;

/** The stock of one item. {@code 0 <= reserved <= onHand} always holds for stored rows. */
public record Stock(long onHand, long reserved) {

  /** The stock of an item that has no row. */
  static final Stock EMPTY = new Stock(0, 0);

  /**
   * Adds a change.
   *
   * @throws ArithmeticException if the stock would exceed the range of a long
   */
  Stock plus(Effect change) {
    return new Stock(
        Math.addExact(onHand, change.onHand()), Math.addExact(reserved, change.reserved()));
  }

  long available() {
    return onHand - reserved;
  }

  Effect minus(Stock earlier) {
    return new Effect(reserved - earlier.reserved, onHand - earlier.onHand);
  }
}
