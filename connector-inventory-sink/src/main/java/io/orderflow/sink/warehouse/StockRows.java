package io.orderflow.sink.warehouse;

import io.orderflow.sink.plan.Stock;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.warehouse.WriteMode.StockLockOrder;
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
 * Reads and changes the stock table. To prevent deadlocks, rows are locked in the order of SKUs as
 * Java compares them. The locking SELECT has an ORDER BY. An UPDATE cannot have one, but the
 * planner options of {@link Warehouse} make PostgreSQL prefer lookups in the order of the arrays to
 * hashing, merging and scanning (manual, section 19.7.1). Since the options only discourage other
 * plans, and new rows are created before others are changed, deadlocks are possible; they are rare,
 * and the transaction is repeated.
 */
final class StockRows {

  private final int decimals;
  private final String readSql;
  private final String lockSql;
  private final String createSql;
  private final String changeSql;

  StockRows(WarehouseTables tables, ScaleGuard scale) {
    this.decimals = scale.decimals();
    String stock = tables.stock().quoted();
    String andScale = " UNION ALL SELECT NULL, %s, 0".formatted(scale.sql());
    readSql =
        "SELECT sku, on_hand, reserved FROM %s WHERE sku = ANY (?::text[])".formatted(stock)
            + andScale;
    lockSql =
        """
        SELECT sku, on_hand, reserved
          FROM (SELECT s.sku, s.on_hand, s.reserved
                  FROM unnest(?::text[]) WITH ORDINALITY AS i (sku, n)
                  JOIN %s s ON s.sku = i.sku
                 ORDER BY i.n FOR NO KEY UPDATE OF s) locked"""
                .formatted(stock)
            + andScale;
    createSql =
        """
        INSERT INTO %s (sku, on_hand, reserved, moved)
        SELECT sku, 0, 0, 0 FROM unnest(?::text[]) AS i (sku)
        ON CONFLICT (sku) DO NOTHING"""
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

  /**
   * Reads the rows of SKUs; SKUs without a row are left out. With {@link StockLockOrder#FIRST}, no
   * other transaction can change the rows until this one ends.
   *
   * @throws ChangedScaleException if the tables count in other steps now
   */
  Map<String, Stock> read(SqlSession session, Set<String> skus, StockLockOrder lock)
      throws SQLException {
    return switch (lock) {
      case LAST -> read(session, readSql, skus);
      case FIRST -> read(session, lockSql, new TreeSet<>(skus));
    };
  }

  private Map<String, Stock> read(SqlSession session, String sql, Collection<String> skus)
      throws SQLException {
    Map<String, Stock> stock = new HashMap<>();
    if (skus.isEmpty()) {
      return stock;
    }
    try (PreparedStatement statement = session.prepare(sql)) {
      statement.setObject(1, skus.toArray(String[]::new));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String sku = rows.getString(1);
          if (sku == null) {
            requireScale(rows.getInt(2));
          } else {
            stock.put(sku, new Stock(rows.getLong(2), rows.getLong(3)));
          }
        }
      }
    }
    return stock;
  }

  private void requireScale(int found) {
    if (found != decimals) {
      throw new ChangedScaleException(decimals, found);
    }
  }

  /**
   * Creates rows of SKUs that are received for the first time.
   *
   * @throws ConcurrentChangeException if another transaction has created one
   */
  void create(SqlSession session, SortedSet<String> skus) throws SQLException {
    if (skus.isEmpty()) {
      return;
    }
    session.begin(Write.INSERT_STOCK);
    try (PreparedStatement statement = session.prepare(createSql)) {
      statement.setObject(1, skus.toArray(String[]::new));
      expect(skus.size(), statement.executeUpdate());
    }
  }

  /**
   * Adds the changes to the current values of the rows.
   *
   * @throws ConcurrentChangeException if a row was deleted, or has too little for its change
   */
  void change(SqlSession session, SortedMap<String, Effect> changes) throws SQLException {
    if (changes.isEmpty()) {
      return;
    }
    session.begin(Write.UPDATE_STOCK);
    try (PreparedStatement statement = session.prepare(changeSql)) {
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
