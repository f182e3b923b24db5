package io.orderflow.sink.warehouse;

import io.orderflow.sink.plan.Stock;
import io.orderflow.sink.plan.StockNeeds;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.warehouse.WriteMode.StockLockOrder;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads and changes the stock table. To prevent deadlocks, rows are locked in the order of SKUs and
 * locations as Java compares them. The locking SELECT has an ORDER BY. An UPDATE cannot have one,
 * but the planner options of {@link Warehouse} make PostgreSQL prefer lookups in the order of the
 * arrays to hashing, merging and scanning (manual, section 19.7.1). Since the options only
 * discourage other plans, and new rows are created before others are changed, deadlocks are
 * possible; they are rare, and the transaction is repeated.
 */
final class StockRows {

  private final int decimals;
  private final String readSql;
  private final String readAtLocationsSql;
  private final String readCandidatesSql;
  private final List<String> candidates;
  private final String lockSql;
  private final String createSql;
  private final String changeSql;
  private final String changeAtLocationsSql;

  /**
   * Creates an object that has not accessed the table.
   *
   * @param candidates the only locations that may be chosen; empty if all may be
   */
  StockRows(WarehouseTables tables, ScaleGuard scale, List<String> candidates) {
    this.decimals = scale.decimals();
    this.candidates = List.copyOf(candidates);
    String stock = tables.stock().quoted();
    String andScale = " UNION ALL SELECT NULL, NULL, %s, 0".formatted(scale.sql());
    readSql =
        "SELECT sku, location, on_hand, reserved FROM %s WHERE sku = ANY (?::text[]) AND location = ''"
                .formatted(stock)
            + andScale;
    readAtLocationsSql =
        """
        SELECT s.sku, s.location, s.on_hand, s.reserved
          FROM unnest(?::text[], ?::text[]) AS i (sku, location)
          JOIN %s s ON s.sku = i.sku AND s.location = i.location"""
                .formatted(stock)
            + andScale;
    readCandidatesSql =
        "SELECT sku, location, on_hand, reserved FROM %s WHERE sku = ANY (?::text[])%s"
                .formatted(stock, candidates.isEmpty() ? "" : " AND location = ANY (?::text[])")
            + andScale;
    lockSql =
        """
        SELECT sku, location, on_hand, reserved
          FROM (SELECT s.sku, s.location, s.on_hand, s.reserved
                  FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS i (sku, location, n)
                  JOIN %s s ON s.sku = i.sku AND s.location = i.location
                 ORDER BY i.n FOR NO KEY UPDATE OF s) locked"""
                .formatted(stock)
            + andScale;
    createSql =
        """
        INSERT INTO %s (sku, location, on_hand, reserved, moved)
        SELECT sku, location, 0, 0, 0 FROM unnest(?::text[], ?::text[]) AS i (sku, location)
        ON CONFLICT (sku, location) DO NOTHING"""
            .formatted(stock);
    changeSql =
        changeSql(stock, "sku, reserved, on_hand", "?::text[], ?::bigint[], ?::bigint[]", "''");
    changeAtLocationsSql =
        changeSql(
            stock,
            "sku, reserved, on_hand, location",
            "?::text[], ?::bigint[], ?::bigint[], ?::text[]",
            "c.location");
  }

  private static String changeSql(String stock, String columns, String arrays, String location) {
    return """
        UPDATE %s s
           SET reserved = s.reserved + c.reserved,
               on_hand = s.on_hand + c.on_hand,
               moved = s.moved + c.on_hand
          FROM unnest(%s) AS c (%s)
         WHERE s.sku = c.sku AND s.location = %s
           AND 0 <= s.reserved + c.reserved
           AND s.reserved + c.reserved <= s.on_hand + c.on_hand"""
        .formatted(stock, arrays, columns, location);
  }

  /**
   * Reads the needed rows as far as they exist. With {@link StockLockOrder#FIRST}, no other
   * transaction can change the rows until this one ends.
   *
   * @throws ChangedScaleException if the tables count in other steps now
   */
  Map<StockItem, Stock> read(SqlSession session, StockNeeds needs, StockLockOrder lock)
      throws SQLException {
    if (needs.skus().isEmpty() && lock == StockLockOrder.LAST) {
      return needs.items().isEmpty() ? new HashMap<>() : readItems(session, needs.items(), lock);
    }
    Map<StockItem, Stock> found = readCandidates(session, needs.skus());
    Set<StockItem> items =
        switch (lock) {
          case LAST -> without(needs.items(), found.keySet());
          case FIRST -> sorted(needs.items(), found.keySet());
        };
    if (!items.isEmpty()) {
      found.putAll(readItems(session, items, lock));
    }
    return found;
  }

  private static Set<StockItem> without(Set<StockItem> items, Set<StockItem> others) {
    if (others.isEmpty()) {
      return items;
    }
    Set<StockItem> rest = new HashSet<>(items);
    rest.removeAll(others);
    return rest;
  }

  private static Set<StockItem> sorted(Set<StockItem> some, Set<StockItem> others) {
    Set<StockItem> sorted = new TreeSet<>(some);
    sorted.addAll(others);
    return sorted;
  }

  private Map<StockItem, Stock> readCandidates(SqlSession session, Set<String> skus)
      throws SQLException {
    if (skus.isEmpty()) {
      return new HashMap<>();
    }
    String[] sorted = skus.stream().sorted().toArray(String[]::new);
    return candidates.isEmpty()
        ? read(session, readCandidatesSql, sorted)
        : read(session, readCandidatesSql, sorted, candidates.toArray(String[]::new));
  }

  private Map<StockItem, Stock> readItems(
      SqlSession session, Set<StockItem> items, StockLockOrder lock) throws SQLException {
    return switch (lock) {
      case LAST ->
          haveLocations(items)
              ? read(session, readAtLocationsSql, skus(items), locations(items))
              : read(session, readSql, skus(items));
      case FIRST -> read(session, lockSql, skus(items), locations(items));
    };
  }

  private Map<StockItem, Stock> read(SqlSession session, String sql, String[]... arrays)
      throws SQLException {
    Map<StockItem, Stock> stock = new HashMap<>();
    try (PreparedStatement statement = session.prepare(sql)) {
      for (int i = 0; i < arrays.length; i++) {
        statement.setObject(i + 1, arrays[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String sku = rows.getString(1);
          if (sku == null) {
            requireScale(rows.getInt(3));
          } else {
            stock.put(
                new StockItem(sku, rows.getString(2)), new Stock(rows.getLong(3), rows.getLong(4)));
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
   * Creates rows of items that are received for the first time.
   *
   * @throws ConcurrentChangeException if another transaction has created one
   */
  void create(SqlSession session, SortedSet<StockItem> items) throws SQLException {
    if (items.isEmpty()) {
      return;
    }
    session.begin(Write.INSERT_STOCK);
    try (PreparedStatement statement = session.prepare(createSql)) {
      statement.setObject(1, skus(items));
      statement.setObject(2, locations(items));
      expect(items.size(), statement.executeUpdate());
    }
  }

  /**
   * Adds the changes to the current values of the rows.
   *
   * @throws ConcurrentChangeException if a row was deleted, or has too little for its change
   */
  void change(SqlSession session, SortedMap<StockItem, Effect> changes) throws SQLException {
    if (changes.isEmpty()) {
      return;
    }
    session.begin(Write.UPDATE_STOCK);
    Set<StockItem> items = changes.keySet();
    boolean atLocations = haveLocations(items);
    try (PreparedStatement statement =
        session.prepare(atLocations ? changeAtLocationsSql : changeSql)) {
      statement.setObject(1, skus(items));
      statement.setObject(2, changes.values().stream().mapToLong(Effect::reserved).toArray());
      statement.setObject(3, changes.values().stream().mapToLong(Effect::onHand).toArray());
      if (atLocations) {
        statement.setObject(4, locations(items));
      }
      expect(changes.size(), statement.executeUpdate());
    }
  }

  private static boolean haveLocations(Collection<StockItem> items) {
    return items.stream().anyMatch(StockItem::hasLocation);
  }

  static String[] skus(Collection<StockItem> items) {
    return items.stream().map(StockItem::sku).toArray(String[]::new);
  }

  static String[] locations(Collection<StockItem> items) {
    return items.stream().map(StockItem::location).toArray(String[]::new);
  }

  private static void expect(int rows, int found) throws ConcurrentChangeException {
    if (found != rows) {
      throw new ConcurrentChangeException("stock");
    }
  }
}
