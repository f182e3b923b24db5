package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The effects of an order on one stock item before and after an update; the two differ. */
record Change(StockItem item, Effect before, Effect after) {

  /** The changes of all items on which the effect of an order changes. */
  static List<Change> between(
      SortedMap<StockItem, Effect> before, SortedMap<StockItem, Effect> after) {
    List<Change> changes = new ArrayList<>(before.size() + after.size());
    for (Map.Entry<StockItem, Effect> entry : after.entrySet()) {
      Effect had =
          before.isEmpty() ? Effect.NONE : before.getOrDefault(entry.getKey(), Effect.NONE);
      if (!had.equals(entry.getValue())) {
        changes.add(new Change(entry.getKey(), had, entry.getValue()));
      }
    }
    for (Map.Entry<StockItem, Effect> entry : before.entrySet()) {
      if (!after.containsKey(entry.getKey()) && !entry.getValue().isNone()) {
        changes.add(new Change(entry.getKey(), entry.getValue(), Effect.NONE));
      }
    }
    return changes;
  }

  /**
   * The reason why the change does not fit the stock; null if it fits.
   *
   * @param isFact whether the change has happened, so that it may leave less than orders have
   *     reserved
   */
  @Nullable Reason obstacle(@Nullable Stock now, boolean isFact) {
    if (now == null && needsStock(after)) {
      return Reason.UNKNOWN_SKU;
    }
    try {
      Stock then = on(now);
      boolean fits = then.isPossible() && (isFact || leavesEnough(now, then));
      return fits ? null : Reason.INSUFFICIENT_STOCK;
    } catch (ArithmeticException beyondLong) {
      return Reason.OUT_OF_RANGE;
    }
  }

  /**
   * Whether enough remains, or at least not less than before: goods that are missing already must
   * not prevent that others are shipped or released. A new reservation leaves the margin.
   */
  private boolean leavesEnough(@Nullable Stock now, Stock then) {
    Stock was = now == null ? Stock.EMPTY : now;
    return after.reserved() > before.reserved()
        ? then.available() >= Math.min(0, was.available())
        : then.uncommitted() >= Math.min(0, was.uncommitted());
  }

  /**
   * The stock after the change.
   *
   * @throws ArithmeticException if it would exceed the range of a long
   */
  Stock on(@Nullable Stock now) {
    Effect difference = before.isNone() ? after : after.minus(before);
    return (now == null ? Stock.EMPTY : now).plus(difference);
  }

  /** Whether the item of an effect must have a row: what arrives creates one. */
  static boolean needsStock(Effect effect) {
    return effect.reserved() > 0 || effect.onHand() < 0 || effect.unavailable() > 0;
  }
}
