package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import org.jspecify.annotations.Nullable;

/** What an order does to one SKU, before and after. */
record Change(Effect before, Effect after) {

  /** Whether the SKU has to be in stock already: only a receipt makes it known. */
  boolean needsStock() {
    return after.reserved() > 0 || after.onHand() < 0;
  }

  /** Why the change cannot be made on this stock; null if it can. */
  @Nullable Reason obstacle(Stock now) {
    try {
      Stock then = on(now);
      boolean fits = 0 <= then.reserved() && then.reserved() <= then.onHand();
      return fits ? null : Reason.INSUFFICIENT_STOCK;
    } catch (ArithmeticException beyondLong) {
      return Reason.OUT_OF_RANGE;
    }
  }

  /**
   * @throws ArithmeticException when the stock would be beyond a long
   */
  Stock on(Stock now) {
    return now.plus(after.minus(before));
  }
}
