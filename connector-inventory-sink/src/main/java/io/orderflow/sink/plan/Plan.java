package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockItem;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * The changes that a batch makes to the warehouse, to be written in one transaction together with
 * the claims that it was planned on.
 *
 * @param outcomes one for each update, in the same order
 * @param stockChanges the sum of all changes, without those that are 0
 * @param newItems items that the batch receives and that had no row. Their rows are created even if
 *     stockChanges lacks them because the batch also ships all of it
 */
public record Plan(
    List<Outcome> outcomes,
    SortedMap<StockItem, Effect> stockChanges,
    SortedSet<StockItem> newItems) {}
