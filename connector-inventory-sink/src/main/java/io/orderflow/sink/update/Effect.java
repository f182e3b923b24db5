package io.orderflow.sink.update;

/**
 * The effect of an order on the stock of one item, or the difference of two effects.
 *
 * @param reserved added to the reserved quantity
 * @param onHand added to the quantity on hand
 */
public record Effect(long reserved, long onHand) {

  public static final Effect NONE = new Effect(0, 0);

  /**
   * The effect that remains after the other one.
   *
   * @throws ArithmeticException if the difference exceeds the range of a long
   */
  public Effect minus(Effect other) {
    return new Effect(
        Math.subtractExact(reserved, other.reserved), Math.subtractExact(onHand, other.onHand));
  }

  /**
   * Both effects together.
   *
   * @throws ArithmeticException if the sum exceeds the range of a long
   */
  public Effect plus(Effect other) {
    return new Effect(Math.addExact(reserved, other.reserved), Math.addExact(onHand, other.onHand));
  }

  public boolean isNone() {
    return reserved == 0 && onHand == 0;
  }
}
