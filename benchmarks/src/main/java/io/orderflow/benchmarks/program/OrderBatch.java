package io.orderflow.benchmarks.program;

import java.io.IOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The newest event of each order, its lines as arrays in its row: COPY into a temporary table; the
 * upsert that claims new versions; the amount due; and last, so that others wait the shortest time,
 * the stock rows in the order of their SKUs.
 */
final class OrderBatch implements Batch {

  private static final String TEMPORARY_TABLE =
      """
      CREATE TEMPORARY TABLE batch (
        order_id bigint, version bigint, skus text[], reserved bigint[], on_hand_delta bigint[],
        due numeric, due_currency text)
      ON COMMIT DELETE ROWS
      """;

  private static final String COPY = "COPY batch FROM STDIN (FORMAT binary)";

  private static final String CLAIM =
      """
      INSERT INTO order_inventory AS o (order_id, version, state, skus, reserved, on_hand_delta)
      SELECT order_id, version, 'RESERVED', skus, reserved, on_hand_delta FROM batch
      ON CONFLICT (order_id) DO UPDATE SET
        version = excluded.version, state = excluded.state, reason = NULL, skus = excluded.skus,
        reserved = excluded.reserved, on_hand_delta = excluded.on_hand_delta, updated_at = now()
      WHERE o.version < excluded.version
      RETURNING order_id
      """;

  private static final String DUE =
      """
      INSERT INTO payments AS p (order_id, due, due_currency, due_version)
      SELECT order_id, due, due_currency, version FROM batch
      ON CONFLICT (order_id) DO UPDATE SET
        due = excluded.due, due_currency = excluded.due_currency,
        due_version = excluded.due_version, updated_at = now()
      WHERE p.due_version IS NULL OR p.due_version < excluded.due_version
      """;

  private static final String LOCK =
      """
      SELECT count(*)
        FROM (SELECT FROM stock WHERE sku = ANY (?) ORDER BY sku FOR NO KEY UPDATE) AS locked
      """;

  private static final String RESERVE =
      """
      UPDATE stock s SET reserved = s.reserved + d.quantity
        FROM unnest(?, ?) AS d (sku, quantity)
       WHERE s.sku = d.sku
      """;

  private final Map<Long, Order> newest = new HashMap<>();
  private final CopyBinary rows = new CopyBinary();

  @Override
  public String prepareSql() {
    return TEMPORARY_TABLE;
  }

  @Override
  public void add(byte[] value) throws IOException {
    Order order = Order.parse(value);
    newest.merge(order.id(), order, (one, other) -> one.version() < other.version() ? other : one);
  }

  @Override
  public void write(Connection connection) throws SQLException {
    newest.values().forEach(order -> order.encode(rows));
    rows.send(connection, COPY);
    Map<String, Long> reserved = claim(connection);
    newest.clear();
    try (Statement due = connection.createStatement()) {
      due.executeUpdate(DUE);
    }
    if (!reserved.isEmpty()) {
      reserve(connection, reserved);
    }
  }

  /** The quantity of each SKU that the claimed orders reserve. */
  private Map<String, Long> claim(Connection connection) throws SQLException {
    Map<String, Long> reserved = new HashMap<>();
    try (Statement claim = connection.createStatement();
        ResultSet claimed = claim.executeQuery(CLAIM)) {
      while (claimed.next()) {
        Order order = newest.get(claimed.getLong(1));
        if (order != null) {
          order.addTo(reserved);
        }
      }
    }
    return new TreeMap<>(reserved);
  }

  private static void reserve(Connection connection, Map<String, Long> reserved)
      throws SQLException {
    Array skus = connection.createArrayOf("text", reserved.keySet().toArray());
    Array quantities = connection.createArrayOf("bigint", reserved.values().toArray());
    try (PreparedStatement lock = connection.prepareStatement(LOCK);
        PreparedStatement reserve = connection.prepareStatement(RESERVE)) {
      lock.setArray(1, skus);
      lock.executeQuery().close();
      reserve.setArray(1, skus);
      reserve.setArray(2, quantities);
      reserve.executeUpdate();
    }
  }
}
