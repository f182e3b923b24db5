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

  private final int skus;
  private final long orders;

  /** SKUs without a location, then those of each location. */
  private final long[] reserved;

  private final long[] shipped;
  private long lines;
  private long due;

  private OrderContent(int skus, int locations, int orders) {
    this.skus = skus;
    this.reserved = new long[skus * (1 + locations)];
    this.shipped = new long[skus * (1 + locations)];
    this.orders = orders;
  }

  /**
   * Inserts enough stock of each SKU.
   *
   * @param locations at each of which it is; 0 for stock without a location
   */
  static void stock(Connection warehouse, int skus, int locations) throws SQLException {
    Sql.execute(
        warehouse,
        "INSERT INTO stock (sku, location, on_hand) SELECT 'SKU-' || n, %s, %d FROM generate_series(0, %d) AS n, generate_series(1, %d) AS l"
            .formatted(
                locations == 0 ? "''" : "'L-' || l", ON_HAND, skus - 1, Math.max(1, locations)),
        "VACUUM ANALYZE stock");
  }

  static OrderContent expected(int skus, int locations, int orders, IntFunction<OrderEvent> order) {
    OrderContent content = new OrderContent(skus, locations, orders);
    for (int i = 0; i < orders; i++) {
      content.add(order.apply(i));
    }
    return content;
  }

  private void add(OrderEvent order) {
    for (OrderEvent.Item item : order.items()) {
      int at = item.location() * skus + item.sku();
      reserved[at] += item.quantity() - item.shipped();
      shipped[at] += item.shipped();
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
                "SELECT substr(sku, 5)::int, reserved, on_hand, moved,"
                    + " CASE WHEN location = '' THEN 0 ELSE substr(location, 3)::int END"
                    + " FROM stock")) {
      while (rows.next()) {
        int number = rows.getInt(5) * skus + rows.getInt(1);
        String sku = OrderEvent.sku(rows.getInt(1)) + "@" + OrderEvent.location(rows.getInt(5));
        expect("reserved of " + sku, reserved[number], rows.getLong(2));
        expect("on hand of " + sku, ON_HAND - shipped[number], rows.getLong(3));
        expect("moved of " + sku, -shipped[number], rows.getLong(4));
      }
    }
  }
}
