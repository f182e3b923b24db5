package io.orderflow.sink.warehouse;

import io.orderflow.sink.plan.Stock;
import io.orderflow.sink.update.Effect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads and changes the stock table. Rows are locked in the order of SKUs, as Java compares, so
 * that transactions wait for each other in a line and not in a ring. What reads with a lock says so
 * itself, by ORDER BY. An UPDATE cannot: the planner options of a {@link Warehouse} make it prefer
 * one lookup after the other, in the order of the arrays, to hashing, merging or scanning (manual,
 * section 19.7.1). They discourage and do not forbid, and new rows are made before others are
 * changed: a deadlock is rare then, and is retried all the same.
 */
final class StockRows {

  private final String readSql;
  private final String lockSql;
  private final String createSql;
  private final String changeSql;

  StockRows(WarehouseTables tables) {
    String stock = tables.stock().quoted();
    readSql = "SELECT sku, on_hand, reserved FROM %s WHERE sku = ANY (?::text[])".formatted(stock);
    lockSql =
        """
        SELECT s.sku, s.on_hand, s.reserved
          FROM unnest(?::text[]) WITH ORDINALITY AS i (sku, n)
          JOIN %s s ON s.sku = i.sku
         ORDER BY i.n FOR NO KEY UPDATE OF s"""
            .formatted(stock);
    createSql =
        "INSERT INTO %s (sku) SELECT * FROM unnest(?::text[]) ON CONFLICT (sku) DO NOTHING"
            .formatted(stock);
    changeSql =
        """
        UPDATE %s s
           SET reserved = s.reserved + c.reserved,
               on_hand = s.on_hand + c.on_hand,
               moved = s.moved + c.on_hand
          FROM unnest(?::text[], ?::bigint[], ?::bigint[]) AS c (sku, reserved, on_hand)
         WHERE s.sku = c.sku
           AND 0 <= s.reserved + c.reserved
           AND s.reserved + c.reserved <= s.on_hand + c.on_hand"""
            .formatted(stock);
  }

  /** The rows of these SKUs, as committed when this begins; SKUs without a row are left out. */
  Map<String, Stock> read(Connection connection, Set<String> skus) throws SQLException {
    return read(connection, readSql, skus);
  }

  /** The same, and nobody else can change them until the transaction ends. */
  Map<String, Stock> readLocked(Connection connection, Set<String> skus) throws SQLException {
    return read(connection, lockSql, new TreeSet<>(skus));
  }

  private static Map<String, Stock> read(Connection connection, String sql, Collection<String> skus)
      throws SQLException {
    Map<String, Stock> stock = new HashMap<>();
    if (skus.isEmpty()) {
      return stock;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, skus.toArray(String[]::new));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          stock.put(rows.getString(1), new Stock(rows.getLong(2), rows.getLong(3)));
        }
      }
    }
    return stock;
  }

  /**
   * Makes rows of SKUs that come in for the first time.
   *
   * @throws ConcurrentChangeException when there is one by now
   */
  void create(Connection connection, SortedSet<String> skus) throws SQLException {
    if (skus.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(createSql)) {
      statement.setObject(1, skus.toArray(String[]::new));
      expect(skus.size(), statement.executeUpdate());
    }
  }

  /**
   * Adds the changes to what the rows hold by now.
   *
   * @throws ConcurrentChangeException when a row is gone, or holds too little for its change
   */
  void change(Connection connection, SortedMap<String, Effect> changes) throws SQLException {
    if (changes.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(changeSql)) {
      statement.setObject(1, changes.keySet().toArray(String[]::new));
      statement.setObject(2, changes.values().stream().mapToLong(Effect::reserved).toArray());
      statement.setObject(3, changes.values().stream().mapToLong(Effect::onHand).toArray());
      expect(changes.size(), statement.executeUpdate());
    }
  }

  private static void expect(int rows, int found) throws ConcurrentChangeException {
    if (found != rows) {
      throw new ConcurrentChangeException("stock");
    }
  }
}
