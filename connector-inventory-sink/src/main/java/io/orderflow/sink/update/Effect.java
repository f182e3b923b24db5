package io.orderflow.sink.update;

/**
 * The effect of an order or of a stock document on the stock of one item, or the difference of two
 * effects.
 *
 * @param reserved added to the reserved quantity
 * @param onHand added to the quantity on hand
 * @param unavailable added to the part of the quantity on hand that must not be sold
 * @param incoming added to the quantity that is on its way to the location
 */
public record Effect(long reserved, long onHand, long unavailable, long incoming) {

  public static final Effect NONE = new Effect(0, 0);

  /** An effect such as orders have. */
  public Effect(long reserved, long onHand) {
    this(reserved, onHand, 0, 0);
  }

  /**
   * The effect that remains after the other one.
   *
   * @throws ArithmeticException if the difference exceeds the range of a long
   */
  public Effect minus(Effect other) {
    return new Effect(
        Math.subtractExact(reserved, other.reserved),
        Math.subtractExact(onHand, other.onHand),
        Math.subtractExact(unavailable, other.unavailable),
        Math.subtractExact(incoming, other.incoming));
  }

  /**
   * Both effects together.
   *
   * @throws ArithmeticException if the sum exceeds the range of a long
   */
  public Effect plus(Effect other) {
    return new Effect(
        Math.addExact(reserved, other.reserved),
        Math.addExact(onHand, other.onHand),
        Math.addExact(unavailable, other.unavailable),
        Math.addExact(incoming, other.incoming));
  }

  public boolean isNone() {
    return reserved == 0 && onHand == 0 && !hasUnavailableOrIncoming();
  }

  /** Whether only a stock document can have this effect. */
  public boolean hasUnavailableOrIncoming() {
    return unavailable != 0 || incoming != 0;
  }
}
