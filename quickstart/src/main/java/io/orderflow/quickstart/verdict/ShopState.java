package io.orderflow.quickstart.verdict;

import io.orderflow.quickstart.topic.OrderState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The shop's database at rest.
 *
 * @param orders by order ID
 */
public record ShopState(Map<Long, OrderState> orders) {

  private static final String ITEMS =
      "SELECT order_id, sku, sum(quantity) FROM order_items GROUP BY order_id, sku";
  private static final String ORDERS = "SELECT id, version, status, total FROM orders";

  /** Reads all orders, as they are now. */
  public static ShopState read(Connection connection) throws SQLException {
    Map<Long, TreeMap<String, Long>> quantities = new HashMap<>();
    Map<Long, OrderState> orders = new HashMap<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery(ITEMS)) {
        while (rows.next()) {
          quantities
              .computeIfAbsent(rows.getLong(1), id -> new TreeMap<>())
              .put(rows.getString(2), rows.getLong(3));
        }
      }
      try (ResultSet rows = statement.executeQuery(ORDERS)) {
        while (rows.next()) {
          long id = rows.getLong(1);
          OrderState order =
              new OrderState(
                  rows.getLong(2),
                  rows.getString(3),
                  rows.getBigDecimal(4),
                  quantities.getOrDefault(id, new TreeMap<>()));
          orders.put(id, order);
        }
      }
    }
    return new ShopState(orders);
  }
}
