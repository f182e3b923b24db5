package io.orderflow.source.read;

import io.orderflow.source.event.OrderKey;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Reads whole orders, for one layout of the tables: first the orders, then all their items. */
public final class OrderSnapshotReader {

  /** The transaction that wrote the row; the table's columns follow. */
  private static final String FIRST = "xmin, ";

  private static final int BEFORE = 1;

  /** Sets the parameters of a statement. */
  @FunctionalInterface
  private interface Binding {
    void to(PreparedStatement statement) throws SQLException;
  }

  private final OrderSchema layout;
  private final OrderSql sql;
  private final String orderColumns;
  private final String itemColumns;
  private final OrderRows orderRows;
  private final @Nullable OrderRows itemRows;
  private final ReadTraces traces;

  OrderSnapshotReader(OrderSchema layout, CapturedTables tables) {
    this.layout = layout;
    sql = new OrderSql(tables, layout);
    orderColumns = FIRST + OrderSql.columns(layout, layout.orders(), "");
    TableSchema items = layout.items();
    itemColumns = FIRST + (items == null ? "" : OrderSql.columns(layout, items, ""));
    orderRows = OrderRows.ofOrders(layout, BEFORE);
    itemRows = OrderRows.ofItems(layout, tables, BEFORE).orElse(null);
    traces = ReadTraces.of(layout, tables);
  }

  /** The layout that all values follow. */
  public OrderSchema layout() {
    return layout;
  }

  /**
   * The orders of a range, in the order of their IDs.
   *
   * @param condition of the orders
   * @param since rows that were written since this snapshot make their order a touched one
   * @param now the snapshot of this transaction
   */
  public List<OrderSnapshot> between(
      Connection connection,
      KeyRange range,
      RowCondition condition,
      TransactionSnapshot since,
      TransactionSnapshot now)
      throws SQLException {
    Reading reading = new Reading(xid -> since.before(xid, now), traces.begin());
    return reading.trace.follow(() -> between(connection, reading, range, condition));
  }

  private List<OrderSnapshot> between(
      Connection connection, Reading reading, KeyRange range, RowCondition condition)
      throws SQLException {
    readOrders(
        connection,
        reading,
        sql.ordersBetween(orderColumns, range, condition),
        statement -> condition.bind(connection, statement, range.bind(statement)));
    // Few of the range's orders are wanted where there is a condition.
    String items = condition.isNone() ? sql.itemsBetween(itemColumns, range) : null;
    if (items == null) {
      readItemsOfOrders(connection, reading);
    } else {
      readItems(connection, reading, items, range::bind);
    }
    return reading.orders();
  }

  /**
   * Those of some orders that are there, in no particular order; none of them counts as touched.
   *
   * @param ids as an order event has them
   */
  public List<OrderSnapshot> of(Connection connection, Collection<?> ids) throws SQLException {
    Reading reading = new Reading(xid -> false, traces.begin());
    return reading.trace.follow(() -> of(connection, reading, ids));
  }

  private List<OrderSnapshot> of(Connection connection, Reading reading, Collection<?> ids)
      throws SQLException {
    readOrders(
        connection,
        reading,
        sql.ordersOf(orderColumns),
        statement -> statement.setArray(1, OrderItems.ids(connection, layout.idType(), ids)));
    readItemsOfOrders(connection, reading);
    return reading.orders();
  }

  private void readOrders(Connection connection, Reading reading, String text, Binding binding)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(reading.trace.in(text))) {
      binding.to(statement);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          List<@Nullable Object> values = orderRows.read(rows);
          reading.order(rows.getLong(1), orderRows.requireIdOf(values), values);
        }
      }
    }
  }

  private void readItemsOfOrders(Connection connection, Reading reading) throws SQLException {
    String text = sql.itemsOf(itemColumns);
    if (text != null && !reading.orders.isEmpty()) {
      readItems(
          connection,
          reading,
          text,
          statement -> statement.setArray(1, reading.items.ids(connection, layout.idType())));
    }
  }

  private void readItems(Connection connection, Reading reading, String text, Binding binding)
      throws SQLException {
    OrderRows rowsOfItems = itemRows;
    if (rowsOfItems == null || reading.orders.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(reading.trace.in(text))) {
      binding.to(statement);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          List<@Nullable Object> values = rowsOfItems.read(rows);
          reading.item(rows.getLong(1), rowsOfItems.idOf(values), values);
        }
      }
    }
  }

  /** What has been read so far. */
  private static final class Reading {

    private final LongPredicate isTouched;
    private final ReadTrace trace;
    private final List<OrderSnapshot> orders = new ArrayList<>();
    private final OrderItems items = new OrderItems();
    private final Set<Object> touchedByItems = new HashSet<>();

    Reading(LongPredicate isTouched, ReadTrace trace) {
      this.isTouched = isTouched;
      this.trace = trace;
    }

    void order(long xid, Object id, List<@Nullable Object> values) {
      trace.found();
      trace.order(values);
      orders.add(new OrderSnapshot(id, values, items.expect(id), isTouched.test(xid)));
    }

    /** Adds an item, if it has an order: without a foreign key, or with a filter, it may not. */
    void item(long xid, @Nullable Object orderId, List<@Nullable Object> values) {
      if (orderId != null && items.add(orderId, values) && isTouched.test(xid)) {
        touchedByItems.add(OrderKey.of(orderId));
      }
    }

    List<OrderSnapshot> orders() {
      if (!touchedByItems.isEmpty()) {
        orders.replaceAll(
            order -> touchedByItems.contains(OrderKey.of(order.id())) ? order.asTouched() : order);
      }
      return orders;
    }
  }
}
