package io.orderflow.source.schema;

import io.orderflow.common.database.TableName;
import org.jspecify.annotations.Nullable;

/**
 * What is read of the captured tables for an event. Changes are detected on the tables themselves.
 *
 * @param ordersView a view with the order that an event shows; null to read the orders table
 * @param itemsView a view with the items that an event shows; null to read the items table
 * @param ordersWhere an SQL condition over a row of what is read of orders; null if all orders are
 *     captured
 * @param deletedWhere an SQL condition over the same row, for which an order counts as deleted;
 *     null if only orders without a row do
 * @param itemsWhere an SQL condition over a row of what is read of items; null if events contain
 *     all
 */
public record Reading(
    @Nullable TableName ordersView,
    @Nullable TableName itemsView,
    @Nullable String ordersWhere,
    @Nullable String deletedWhere,
    @Nullable String itemsWhere) {

  /** All rows of both tables. */
  public static final Reading ALL_ROWS = new Reading(null, null, null, null, null);

  /** Whether the transaction that wrote an item is only known from the items table itself. */
  public boolean hidesItemRows() {
    return itemsView != null || itemsWhere != null;
  }
}
