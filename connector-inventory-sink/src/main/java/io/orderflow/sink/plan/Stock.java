package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The stock of one item. Of stored rows, no number but margin is negative.
 *
 * @param onHand everything that is at the location
 * @param reserved by orders; more than what may be sold only if goods were found to be missing or
 *     unusable, or safety stock was raised, or the oversell allowance lowered
 * @param unavailable the part of onHand that must not be sold
 * @param incoming on its way to the location, and not part of onHand
 * @param margin the part of onHand that reservations leave: safety stock less the oversell
 *     allowance. It is negative if they may take more than there is
 * @param movedAt when onHand has changed last, or the time as of which it was counted, if that is
 *     later; {@link Instant#MAX} in this batch, also if it is what it was; null if it is not known,
 *     since nothing is counted, or if the item has no row
 */
public record Stock(
    long onHand,
    long reserved,
    long unavailable,
    long incoming,
    long margin,
    @Nullable Instant movedAt) {

  /** The stock of an item that has no row. */
  static final Stock EMPTY = new Stock(0, 0);

  /** Stock that is for sale entirely. */
  public Stock(long onHand, long reserved) {
    this(onHand, reserved, 0, 0, 0, null);
  }

  /**
   * Adds a change.
   *
   * @throws ArithmeticException if the stock would exceed the range of a long
   */
  public Stock plus(Effect change) {
    return new Stock(
        Math.addExact(onHand, change.onHand()),
        Math.addExact(reserved, change.reserved()),
        Math.addExact(unavailable, change.unavailable()),
        Math.addExact(incoming, change.incoming()),
        margin,
        change.onHand() == 0 ? movedAt : Instant.MAX);
  }

  /** The same stock after it was counted. */
  Stock countedAt(Instant time) {
    return new Stock(onHand, reserved, unavailable, incoming, margin, time);
  }

  /** The same stock with another margin. */
  Stock withMargin(long other) {
    return other == margin
        ? this
        : new Stock(onHand, reserved, unavailable, incoming, other, movedAt);
  }

  /** The same stock of which so much is available, and not more. */
  Stock withAvailable(long quantity) {
    return withMargin(difference(uncommitted(), quantity));
  }

  /** The same stock if all of it could be sold. */
  Stock withoutUnavailable() {
    return unavailable == 0 ? this : new Stock(onHand, reserved, 0, incoming, margin, movedAt);
  }

  /** Whether goods were moved in this batch, and not counted after that. */
  boolean hasMoved() {
    return Instant.MAX.equals(movedAt);
  }

  /** What the next order can reserve; negative if more is reserved than may be sold. */
  long available() {
    return difference(uncommitted(), margin);
  }

  /** What orders have not reserved of that which is on hand and can be sold, to the last piece. */
  long uncommitted() {
    return difference(difference(onHand, reserved), unavailable);
  }

  /** The nearest long. */
  private static long difference(long quantity, long other) {
    long difference = quantity - other;
    boolean exceedsRange = ((quantity ^ other) & (quantity ^ difference)) < 0;
    return !exceedsRange ? difference : quantity < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  /**
   * Whether no number but margin is negative, and there is at least as much on hand as is
   * unavailable.
   */
  boolean isPossible() {
    return reserved >= 0 && incoming >= 0 && 0 <= unavailable && unavailable <= onHand;
  }

  /** The change since an earlier stock; what people have set is none. */
  Effect minus(Stock earlier) {
    return new Effect(
        reserved - earlier.reserved,
        onHand - earlier.onHand,
        unavailable - earlier.unavailable,
        incoming - earlier.incoming);
  }
}
