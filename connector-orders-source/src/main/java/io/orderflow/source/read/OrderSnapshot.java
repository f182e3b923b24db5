package io.orderflow.source.read;

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
public record OrderSnapshot(
    Object id, List<@Nullable Object> values, List<List<@Nullable Object>> items, boolean touched) {

  OrderSnapshot asTouched() {
    return new OrderSnapshot(id, values, items, true);
  }
}
