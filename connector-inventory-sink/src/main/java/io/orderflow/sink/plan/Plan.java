package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockItem;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The changes that a batch makes to the warehouse, to be written in one transaction together with
 * the claims that it was planned on.
 *
 * @param outcomes one for each update, in the same order
 * @param stockChanges the sum of all changes, without those that are 0
 * @param shortages by item of {@link #changedItems} of which less than nothing will be available,
 *     how much is lacking; the changes must not leave less
 * @param counts by item that was counted
 * @param newItems items that the batch receives and that had no row. Their rows are created even if
 *     stockChanges lacks them because the batch also ships all of it
 * @param movedBack other items of which as much was received as was shipped, so that no count is
 *     right that is older
 * @param backorders what orders wait for; none unless the rules have backorders. Other orders of
 *     outcomes wait for nothing
 */
public record Plan(
    List<Outcome> outcomes,
    SortedMap<StockItem, Effect> stockChanges,
    SortedMap<StockItem, Long> shortages,
    SortedMap<StockItem, Count> counts,
    SortedSet<StockItem> newItems,
    SortedSet<StockItem> movedBack,
    List<Backorder> backorders) {

  /**
   * A counted item.
   *
   * @param known the stock that the count was compared with, whose {@link Stock#onHand} and {@link
   *     Stock#movedAt} must not have changed; null if the item has no row
   * @param asOf the time of the count; null if the batch has moved goods after it
   */
  public record Count(@Nullable Stock known, @Nullable Instant asOf) {}

  /** All items whose rows change, in their order. */
  public Set<StockItem> changedItems() {
    if (counts.isEmpty() && movedBack.isEmpty()) {
      return stockChanges.keySet();
    }
    Set<StockItem> items = new TreeSet<>(stockChanges.keySet());
    items.addAll(counts.keySet());
    items.addAll(movedBack);
    return items;
  }

  /** Whether goods of an item were moved, and not counted after that. */
  public boolean hasMoved(StockItem item) {
    Effect change = stockChanges.get(item);
    return movedBack.contains(item) || (change != null && change.onHand() != 0);
  }

  /**
   * Whether the changes are those of orders alone, which leave no shortage, and each quantity on
   * hand that was moved is another one.
   */
  public boolean isOfOrders() {
    return shortages.isEmpty()
        && counts.isEmpty()
        && movedBack.isEmpty()
        && stockChanges.values().stream().noneMatch(Effect::hasUnavailableOrIncoming);
  }
}
