package io.orderflow.quickstart.shop;

import io.orderflow.quickstart.setup.Rows;
import io.orderflow.quickstart.shop.Order.Item;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The shop's SQL. Knows nothing of Orderflow. Each method runs in its caller's transaction. */
final class ShopTables {

  private static final String NEXT_IDS =
      "SELECT nextval(pg_get_serial_sequence('orders', 'id')) FROM generate_series(1, %d)";

  private static final String INSERT_ORDERS =
      """
      INSERT INTO orders (id, customer, status, total, currency, version)
      SELECT * FROM unnest(?::bigint[], ?::text[], ?::text[], ?::numeric[], ?::text[], ?::bigint[])
      """;

  private static final String INSERT_ITEMS =
      """
      INSERT INTO order_items (order_id, line_no, sku, quantity, unit_price)
      SELECT * FROM unnest(?::bigint[], ?::integer[], ?::text[], ?::integer[], ?::numeric[])
      """;

  private static final String UPDATE_ORDER =
      """
      UPDATE orders SET status = ?, total = ?, version = ?, updated_at = now()
      WHERE id = ? AND version = ?
      """;

  private static final String UPDATE_QUANTITY =
      "UPDATE order_items SET quantity = ? WHERE order_id = ? AND line_no = ?";

  private record OrderItem(Order order, Item item) {}

  private ShopTables() {}

  /** IDs for new orders, before they are placed. */
  static List<Long> nextIds(Connection connection, int count) throws SQLException {
    List<Long> ids = new ArrayList<>(count);
    Rows.each(connection, NEXT_IDS.formatted(count), row -> ids.add(row.getLong(1)));
    return ids;
  }

  /** The ID of the transaction that is open; its commit is stamped under this ID. */
  static long currentTransaction(Connection connection) throws SQLException {
    long[] id = new long[1];
    Rows.each(
        connection, "SELECT pg_current_xact_id()::text::bigint", row -> id[0] = row.getLong(1));
    return id[0];
  }

  /** Inserts orders with their items. */
  static void insert(Connection connection, List<Order> orders) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INSERT_ORDERS)) {
      bind(statement, 1, "bigint", orders, Order::id);
      bind(statement, 2, "text", orders, Order::customer);
      bind(statement, 3, "text", orders, order -> order.status().name());
      bind(statement, 4, "numeric", orders, Order::total);
      bind(statement, 5, "text", orders, order -> Order.CURRENCY);
      bind(statement, 6, "bigint", orders, Order::version);
      statement.executeUpdate();
    }
    List<OrderItem> items =
        orders.stream()
            .flatMap(order -> order.items().stream().map(item -> new OrderItem(order, item)))
            .toList();
    try (PreparedStatement statement = connection.prepareStatement(INSERT_ITEMS)) {
      bind(statement, 1, "bigint", items, line -> line.order().id());
      bind(statement, 2, "integer", items, line -> line.item().lineNo());
      bind(statement, 3, "text", items, line -> line.item().sku());
      bind(statement, 4, "integer", items, line -> line.item().quantity());
      bind(statement, 5, "numeric", items, line -> line.item().unitPrice());
      statement.executeUpdate();
    }
  }

  private static <T> void bind(
      PreparedStatement statement,
      int parameter,
      String type,
      List<T> rows,
      Function<T, Object> value)
      throws SQLException {
    Object[] column = rows.stream().map(value).toArray();
    statement.setArray(parameter, statement.getConnection().createArrayOf(type, column));
  }

  /**
   * Writes the next versions of orders.
   *
   * @throws IllegalStateException if somebody else has changed one of them
   */
  static void update(Connection connection, List<Order> orders) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(UPDATE_ORDER)) {
      for (Order order : orders) {
        statement.setString(1, order.status().name());
        statement.setBigDecimal(2, order.total());
        statement.setLong(3, order.version());
        statement.setLong(4, order.id());
        statement.setLong(5, order.version() - 1);
        statement.addBatch();
      }
      int[] counts = statement.executeBatch();
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] != 1) {
          throw new IllegalStateException(
              "order %d is no longer in version %d: somebody else has changed it"
                  .formatted(orders.get(i).id(), orders.get(i).version() - 1));
        }
      }
    }
  }

  /** Writes the first lines' quantities. */
  static void updateFirstQuantities(Connection connection, List<Order> orders) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(UPDATE_QUANTITY)) {
      for (Order order : orders) {
        Item first = order.items().get(0);
        statement.setInt(1, first.quantity());
        statement.setLong(2, order.id());
        statement.setInt(3, first.lineNo());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }
}
