package io.orderflow.benchmarks.source;

import static io.orderflow.benchmarks.measure.WrongContentException.expect;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderflow.benchmarks.Sql;
import io.orderflow.benchmarks.program.Cents;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** The shop's orders: two and a half items each; every value can be computed from the ID. */
final class ShopOrders {

  /** Inserts the orders from one ID to another, with their items. */
  private static final String PLACE =
      """
      WITH placed AS (
        INSERT INTO orders (id, customer, status, total, currency)
        SELECT i, 'customer-' || i %% 50000, (ARRAY['PENDING', 'PAID', 'SHIPPED'])[1 + i %% 3],
               (i %% 100000) / 100.0, 'EUR'
        FROM generate_series(%s::bigint, %s::bigint) AS i
        RETURNING id)
      INSERT INTO order_items (order_id, line_no, sku, quantity, unit_price)
      SELECT id, line, 'SKU-' || (id * 7 + line * 13) %% 10000, 1 + id %% 3, 9.99
      FROM placed, generate_series(1, 2 + (id %% 2)::int) AS line
      """;

  private static final List<String> STATUSES = List.of("PENDING", "PAID", "SHIPPED");

  /** A loop in the server, so that only the commits take time. */
  private static final String ONE_BY_ONE =
      """
      DO $$
      BEGIN
        FOR id IN %d..%d LOOP
          EXECUTE $sql$ %s $sql$ USING id, id;
          COMMIT;
        END LOOP;
      END $$
      """;

  private ShopOrders() {}

  /** A statement that places the orders from one ID to another in one transaction. */
  static PreparedStatement placing(Connection shop) throws SQLException {
    return shop.prepareStatement(PLACE.formatted("?", "?"));
  }

  /** Places the orders from one ID to another in one transaction. */
  static void place(Connection shop, long first, long last) throws SQLException {
    try (PreparedStatement place = placing(shop)) {
      place(place, first, last);
    }
  }

  static void place(PreparedStatement placing, long first, long last) throws SQLException {
    placing.setLong(1, first);
    placing.setLong(2, last);
    placing.executeUpdate();
  }

  /** Places the orders from one ID to another, each in a transaction of its own. */
  static void placeOneByOne(Connection shop, long first, long last) throws SQLException {
    // The disk is not measured.
    Sql.execute(
        shop,
        "SET synchronous_commit = off",
        ONE_BY_ONE.formatted(first, last, PLACE.formatted("$1", "$2")));
  }

  /** Items of one order. */
  static int lines(long id) {
    return 2 + (int) (id % 2);
  }

  /** Items of all orders up to this one; IDs begin with 1. */
  static long linesUpTo(long id) {
    return 2 * id + (id + 1) / 2;
  }

  /**
   * Compares an order's own values, as JSON with decimals in text.
   *
   * @return its ID
   */
  static long checkOrder(JsonNode order) {
    long id = order.path("id").asLong();
    expect("customer of " + id, "customer-" + id % 50_000, order.path("customer").asText());
    expect("status of " + id, STATUSES.get((int) (id % 3)), order.path("status").asText());
    expect("total of " + id, Cents.text(id % 100_000), order.path("total").asText());
    expect("currency of " + id, "EUR", order.path("currency").asText());
    expect("version of " + id, 1, order.path("version").asInt());
    expect("time of " + id, true, order.path("created_at").isValueNode());
    return id;
  }

  /**
   * Compares an item's values.
   *
   * @return its place among the items of all orders, from 0
   */
  static long checkItem(JsonNode item) {
    long id = item.path("order_id").asLong();
    int line = item.path("line_no").asInt();
    expect("line of " + id, true, line >= 1 && line <= lines(id));
    expect("SKU of " + id, "SKU-" + (id * 7 + line * 13L) % 10_000, item.path("sku").asText());
    expect("quantity of " + id, 1 + id % 3, item.path("quantity").asLong());
    expect("price of " + id, "9.99", item.path("unit_price").asText());
    return linesUpTo(id - 1) + line - 1;
  }
}
