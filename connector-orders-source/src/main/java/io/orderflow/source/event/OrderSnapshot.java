package io.orderflow.source.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One order with its items, as of one database snapshot.
 *
 * @param id Long, Integer, String or {@link CompositeId}
 * @param values the order's values, in the order of the table schema's columns
 * @param items for each item its values, in the order of the table schema's columns; empty if
 *     orders have no items table
 * @param deleted whether the order counts as deleted: a condition says so, or its view does not
 *     contain it; then other values than the ID and the version may be null
 */
public record OrderSnapshot(
    Object id,
    List<@Nullable Object> values,
    List<List<@Nullable Object>> items,
    boolean deleted) {}
