package io.orderflow.benchmarks.sink;

import static io.orderflow.benchmarks.measure.WrongContentException.expect;

import io.orderflow.benchmarks.Sql;
import io.orderflow.benchmarks.program.Cents;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.IntFunction;

/**
 * The warehouse once orders are reserved, all of them in their first version; stock in the smallest
 * step of a quantity.
 */
final class OrderContent {

  private static final long ON_HAND = 1_000_000_000;

  private final long orders;
  private final long[] reserved;
  private final long[] shipped;
  private long lines;
  private long due;

  private OrderContent(int skus, int orders) {
    this.reserved = new long[skus];
    this.shipped = new long[skus];
    this.orders = orders;
  }

  /** Inserts enough stock of each SKU. */
  static void stock(Connection warehouse, int skus) throws SQLException {
    Sql.execute(
        warehouse,
        "INSERT INTO stock (sku, on_hand) SELECT 'SKU-' || n, "
            + ON_HAND
            + " FROM generate_series(0, "
            + (skus - 1)
            + ") AS n",
        "VACUUM ANALYZE stock");
  }

  static OrderContent expected(int skus, int orders, IntFunction<OrderEvent> order) {
    OrderContent content = new OrderContent(skus, orders);
    for (int i = 0; i < orders; i++) {
      content.add(order.apply(i));
    }
    return content;
  }

  private void add(OrderEvent order) {
    for (OrderEvent.Item item : order.items()) {
      reserved[item.sku()] += item.quantity() - item.shipped();
      shipped[item.sku()] += item.shipped();
    }
    lines += order.items().size();
    due += order.total();
  }

  long lines() {
    return lines;
  }

  long dueCents() {
    return due;
  }

  long reserved(int sku) {
    return reserved[sku];
  }

  void check(Connection warehouse) throws SQLException {
    expect(
        "count, versions and reserved orders",
        "%1$d, %1$d, %1$d".formatted(orders),
        Sql.row(
            warehouse,
            "SELECT count(*), sum(version), count(*) FILTER (WHERE state = 'RESERVED')"
                + " FROM order_inventory"));
    expect(
        "payments and amount due",
        orders + ", " + Cents.text(due),
        Sql.row(warehouse, "SELECT count(*), sum(due) FROM payments"));
    checkStock(warehouse);
    expect("lines", lines, Sql.number(warehouse, "SELECT count(*) FROM order_inventory_lines"));
    expect("SKUs in drift", 0L, Sql.number(warehouse, "SELECT count(*) FROM stock_drift"));
  }

  private void checkStock(Connection warehouse) throws SQLException {
    try (Statement statement = warehouse.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT substr(sku, 5)::int, reserved, on_hand, moved FROM stock")) {
      while (rows.next()) {
        int number = rows.getInt(1);
        String sku = OrderEvent.sku(number);
        expect("reserved of " + sku, reserved[number], rows.getLong(2));
        expect("on hand of " + sku, ON_HAND - shipped[number], rows.getLong(3));
        expect("moved of " + sku, -shipped[number], rows.getLong(4));
      }
    }
  }
}
