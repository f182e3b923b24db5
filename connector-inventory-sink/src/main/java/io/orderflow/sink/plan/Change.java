package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What an order does to one SKU, before and after; the two are not equal. */
record Change(String sku, Effect before, Effect after) {

  /** One for each SKU for which the order is to change what it does. */
  static List<Change> between(SortedMap<String, Effect> before, SortedMap<String, Effect> after) {
    List<Change> changes = new ArrayList<>(before.size() + after.size());
    for (Map.Entry<String, Effect> entry : after.entrySet()) {
      Effect had =
          before.isEmpty() ? Effect.NONE : before.getOrDefault(entry.getKey(), Effect.NONE);
      if (!had.equals(entry.getValue())) {
        changes.add(new Change(entry.getKey(), had, entry.getValue()));
      }
    }
    for (Map.Entry<String, Effect> entry : before.entrySet()) {
      if (!after.containsKey(entry.getKey()) && !entry.getValue().isNone()) {
        changes.add(new Change(entry.getKey(), entry.getValue(), Effect.NONE));
      }
    }
    return changes;
  }

  /** Why the change cannot be made; null if it can. */
  @Nullable Reason obstacle(@Nullable Stock now) {
    if (now == null && needsStock()) {
      return Reason.UNKNOWN_SKU;
    }
    try {
      Stock then = on(now);
      boolean fits = 0 <= then.reserved() && then.reserved() <= then.onHand();
      return fits ? null : Reason.INSUFFICIENT_STOCK;
    } catch (ArithmeticException beyondLong) {
      return Reason.OUT_OF_RANGE;
    }
  }

  /**
   * The stock after the change.
   *
   * @throws ArithmeticException when it would be beyond a long
   */
  Stock on(@Nullable Stock now) {
    return (now == null ? Stock.EMPTY : now).plus(after.minus(before));
  }

  /** Whether the SKU has to be in stock already: only a receipt makes it known. */
  private boolean needsStock() {
    return after.reserved() > 0 || after.onHand() < 0;
  }
}
