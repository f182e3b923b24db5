package io.orderflow.sink.update;

/**
 * What an order does to one SKU, or the difference of two such effects.
 *
 * @param reserved added to what is reserved
 * @param onHand added to what is on hand
 */
public record Effect(long reserved, long onHand) {

  public static final Effect NONE = new Effect(0, 0);

  /**
   * What is left to do where the other is done.
   *
   * @throws ArithmeticException when the difference is beyond a long
   */
  public Effect minus(Effect other) {
    return new Effect(
        Math.subtractExact(reserved, other.reserved), Math.subtractExact(onHand, other.onHand));
  }

  public boolean isNone() {
    return reserved == 0 && onHand == 0;
  }
}
