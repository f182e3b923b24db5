package io.orderflow.benchmarks.triggers;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What a shop does with orders of three items. Each work is done once for each order. */
@SuppressWarnings("ImmutableEnumChecker") // List.of is immutable.
enum ShopWork {
  /** An order and its items, in two statements of one transaction. */
  PLACE("order and items, 2 statements", Orders.INSERT, Items.insert(3)),

  /** As an object-relational mapper places it. */
  PLACE_ONE_BY_ONE(
      "order and items, 4 statements", Orders.INSERT, Items.line(1), Items.line(2), Items.line(3)),

  /** One item of an order that exists. */
  CHANGE_ITEM(
      "change of 1 item", "UPDATE order_items SET quantity = 2 WHERE order_id = ? AND line_no = 2"),

  /** The order alone. */
  CHANGE_ORDER("change of the order", "UPDATE orders SET status = 'PAID' WHERE id = ?"),

  /** An order with its items. */
  DELETE("delete of the order", "DELETE FROM orders WHERE id = ?");

  private final String title;
  private final List<String> statements;

  ShopWork(String title, String... statements) {
    this.title = title;
    this.statements = List.of(statements);
  }

  String title() {
    return title;
  }

  /** Whether it creates the orders that it works on. */
  boolean places() {
    return this == PLACE || this == PLACE_ONE_BY_ONE;
  }

  /**
   * Does the work for the orders from one ID to another, in a transaction each.
   *
   * @return the duration of one in microseconds
   */
  double run(Connection shop, int first, int last) throws SQLException {
    shop.setAutoCommit(false);
    List<PreparedStatement> prepared = new ArrayList<>();
    for (String sql : statements) {
      prepared.add(shop.prepareStatement(sql));
    }
    long began = System.nanoTime();
    for (int id = first; id <= last; id++) {
      for (PreparedStatement statement : prepared) {
        statement.setLong(1, id);
        statement.executeUpdate();
      }
      shop.commit();
    }
    double micros = (System.nanoTime() - began) / 1e3 / (last - first + 1);
    for (PreparedStatement statement : prepared) {
      statement.close();
    }
    shop.setAutoCommit(true);
    return micros;
  }

  private static final class Orders {
    static final String INSERT =
        "INSERT INTO orders (id, customer, status, total, currency) VALUES (?, 'c', 'PENDING', 1, 'EUR')";
  }

  private static final class Items {
    static String insert(int lines) {
      return "INSERT INTO order_items SELECT ?, line, 'SKU-' || line, 1, 9.99 FROM generate_series(1, %d) AS line"
          .formatted(lines);
    }

    static String line(int line) {
      return "INSERT INTO order_items VALUES (?, %d, 'SKU-1', 1, 9.99)".formatted(line);
    }
  }
}
