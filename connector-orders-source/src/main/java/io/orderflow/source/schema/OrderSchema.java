package io.orderflow.source.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The current schema of what is read for events, tables or views, and the roles of their columns.
 *
 * @param orders the columns of the orders table, or of the view that is read instead
 * @param items the columns of the items table, or of the view that is read instead; null if an
 *     order is a single row
 * @param ids the order ID's columns
 * @param version name of the version's column; null if the transaction ID or the log position is
 *     the version
 * @param changeXid name of the column with the transaction ID, if the table has it
 * @param itemOrder names of the columns that sort the items of one order; may be empty
 * @param idIsUnique whether an index ensures that no two orders have one ID; else the user does
 */
public record OrderSchema(
    TableSchema orders,
    @Nullable TableSchema items,
    OrderIdColumns ids,
    @Nullable String version,
    String changeXid,
    List<String> itemOrder,
    boolean idIsUnique) {

  /** Version of the schema: the same in all tasks, and greater after each change of a column. */
  public int schemaVersion() {
    return items == null
        ? orders.schemaVersion()
        : Math.max(orders.schemaVersion(), items.schemaVersion());
  }

  /** The order ID's columns of the orders table. */
  public List<Column> idColumns() {
    return ids.names().stream()
        .map(name -> orders.columns().get(orders.indexOf(name).orElseThrow()))
        .toList();
  }
}
