package io.orderflow.source.whole;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One order with its items, as of one snapshot of the database.
 *
 * @param id as an order event has it
 * @param values the order's values, in the columns' order
 * @param items for each item its values, in the columns' order; none where orders have no items
 *     table
 * @param touched whether the row or an item was written since the snapshot that was asked about
 */
public record WholeOrder(
    Object id, List<@Nullable Object> values, List<List<@Nullable Object>> items, boolean touched) {

  WholeOrder asTouched() {
    return new WholeOrder(id, values, items, true);
  }
}
