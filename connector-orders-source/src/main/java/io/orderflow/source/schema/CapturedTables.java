package io.orderflow.source.schema;

import io.orderflow.common.database.TableName;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The captured tables and the roles of their columns, as configured.
 *
 * @param ordersId columns with the order ID; empty means the primary key
 * @param items null if an order is a single row, and events have no items
 * @param itemsOrderId columns of the items table with the order ID, in the same order
 * @param itemsOrderBy column that sorts the items of one order; null means the primary key
 * @param version column of the orders table with the version; null means the transaction ID in
 *     query capture, and the log position in log capture
 * @param changeXid column of the orders table with the transaction that last changed the order
 * @param requiresChangeXid whether the orders table must have that column; events leave it out
 *     either way
 * @param columns rules for columns that events leave out, hash, or carry as a header
 * @param reading what is read of the tables for an event
 * @param deletes table with the IDs of deleted orders; null if query capture does not see deletes
 * @param watched other tables whose changes emit orders again
 */
public record CapturedTables(
    TableName orders,
    List<String> ordersId,
    @Nullable TableName items,
    List<String> itemsOrderId,
    @Nullable String itemsOrderBy,
    @Nullable String version,
    String changeXid,
    boolean requiresChangeXid,
    ColumnRules columns,
    Reading reading,
    @Nullable TableName deletes,
    List<WatchedTable> watched) {

  public CapturedTables {
    ordersId = List.copyOf(ordersId);
    itemsOrderId = List.copyOf(itemsOrderId);
    watched = List.copyOf(watched);
  }

  /**
   * Tables with an order ID of one column and without column rules, whose orders table must have
   * the column changeXid.
   *
   * @param ordersId null means the primary key
   */
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
        ordersId == null ? List.of() : List.of(ordersId),
        items,
        List.of(itemsOrderId),
        itemsOrderBy,
        version,
        changeXid,
        true,
        ColumnRules.NONE,
        Reading.ALL_ROWS,
        null,
        List.of());
  }

  /** The orders table, and the items table if there is one. */
  public List<TableName> captured() {
    return Stream.of(orders, items).flatMap(Stream::ofNullable).toList();
  }

  /**
   * The watched tables and those of their paths, except for those whose changes are captured
   * anyway.
   */
  public List<WatchedTable> watchedWithPaths() {
    return watched.stream()
        .flatMap(WatchedTable::withPath)
        .filter(table -> !isCaptured(table))
        .distinct()
        .toList();
  }

  /** The tables of {@link #watchedWithPaths}, each once. */
  public List<TableName> watchedTables() {
    return watchedWithPaths().stream().map(WatchedTable::table).distinct().toList();
  }

  private boolean isCaptured(WatchedTable table) {
    return table.table().equals(orders)
        || (table.table().equals(items)
            && table.path().isEmpty()
            && table.columns().equals(itemsOrderId));
  }

  /** The captured tables, and those that are watched, each once. */
  public List<TableName> all() {
    return Stream.concat(captured().stream(), watchedTables().stream()).distinct().toList();
  }

  /** What an order's values are read from: its view or the orders table. */
  public TableName ordersRead() {
    TableName view = reading.ordersView();
    return view == null ? orders : view;
  }

  /** What the items are read from: their view or the items table; null if there are none. */
  public @Nullable TableName itemsRead() {
    TableName view = reading.itemsView();
    return view == null ? items : view;
  }

  /**
   * Whether log capture looks up every changed order, since the rows in the log do not suffice:
   * only the server can evaluate a condition or a view.
   */
  public boolean looksUpEveryOrder() {
    return !reading.equals(Reading.ALL_ROWS);
  }

  /**
   * The tables for log capture that follows query capture: the orders table must have the column
   * {@code changeXid}.
   */
  public CapturedTables forLogAfterQuery() {
    return requiresChangeXid(true);
  }

  /**
   * The tables for log capture, which needs neither the column {@code changeXid} nor a table of
   * deleted orders.
   */
  public CapturedTables forLog() {
    return requiresChangeXid(false);
  }

  private CapturedTables requiresChangeXid(boolean required) {
    return new CapturedTables(
        orders,
        ordersId,
        items,
        itemsOrderId,
        itemsOrderBy,
        version,
        changeXid,
        required,
        columns,
        reading,
        null,
        watched);
  }
}
