package io.orderflow.source.schema;

import io.orderflow.common.database.TableName;
import org.jspecify.annotations.Nullable;

/**
 * The names by which the configuration knows the shop's tables.
 *
 * @param ordersId column with the order ID; null means the primary key
 * @param items null where an order is one row, and its event has no items
 * @param itemsOrderId column of the items table with the order ID
 * @param itemsOrderBy column that orders the items of one order; null means the primary key
 * @param version column of the orders table with the version; null means the transaction ID
 * @param changeXid column of the orders table with the transaction that last changed the order
 * @param stamped whether the orders table must have that column; events leave it out in any case
 * @param columns which columns events do not tell as they are
 * @param where an SQL condition over a row of the orders table; null where every order is told
 * @param deletes table that keeps the IDs of deleted orders; null where there is none
 */
public record CapturedTables(
    TableName orders,
    @Nullable String ordersId,
    @Nullable TableName items,
    String itemsOrderId,
    @Nullable String itemsOrderBy,
    @Nullable String version,
    String changeXid,
    boolean stamped,
    ColumnRules columns,
    @Nullable String where,
    @Nullable TableName deletes) {

  /** Tables that must have the column with the transaction, told as they are. */
  public CapturedTables(
      TableName orders,
      @Nullable String ordersId,
      @Nullable TableName items,
      String itemsOrderId,
      @Nullable String itemsOrderBy,
      @Nullable String version,
      String changeXid) {
    this(
        orders,
        ordersId,
        items,
        itemsOrderId,
        itemsOrderBy,
        version,
        changeXid,
        true,
        ColumnRules.NONE,
        null,
        null);
  }

  /** The same tables, which must have the column with the transaction. */
  public CapturedTables withStamps() {
    return stamped(true);
  }

  /**
   * The same tables, captured from the log, which needs no column of its own and tells deletes by
   * itself.
   */
  public CapturedTables forLog() {
    return stamped(false);
  }

  private CapturedTables stamped(boolean must) {
    return new CapturedTables(
        orders,
        ordersId,
        items,
        itemsOrderId,
        itemsOrderBy,
        version,
        changeXid,
        must,
        columns,
        where,
        null);
  }
}
