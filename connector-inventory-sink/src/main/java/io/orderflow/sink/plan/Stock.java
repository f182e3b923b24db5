package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;

/** What there is of one SKU; {@code 0 <= reserved <= onHand} always holds of what is stored. */
public record Stock(long onHand, long reserved) {

  /** An SKU of which there is nothing. */
  static final Stock EMPTY = new Stock(0, 0);

  /**
   * @throws ArithmeticException when the stock would be beyond a long
   */
  Stock plus(Effect change) {
    return new Stock(
        Math.addExact(onHand, change.onHand()), Math.addExact(reserved, change.reserved()));
  }

  long available() {
    return onHand - reserved;
  }

  Effect since(Stock earlier) {
    return new Effect(reserved - earlier.reserved, onHand - earlier.onHand);
  }
}
