package io.orderflow.sink.warehouse;

import io.orderflow.sink.plan.Plan;
import io.orderflow.sink.plan.Stock;
import io.orderflow.sink.plan.StockNeeds;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.warehouse.WriteMode.StockLockOrder;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads and changes the stock table. To prevent deadlocks, rows are locked in the order of SKUs and
 * locations as Java compares them. The locking SELECT has an ORDER BY. An UPDATE cannot have one,
 * but the planner options of {@link Warehouse} make PostgreSQL prefer lookups in the order of the
 * arrays to hashing, merging and scanning (manual, section 19.7.1). Since the options only
 * discourage other plans, and new rows are created before others are changed, deadlocks are
 * possible; they are rare, and the transaction is repeated.
 */
final class StockRows {

  /** Few rows have any of the last values, and a null needs less room than a 0. */
  private static final String COLUMNS =
      "sku, location, on_hand, reserved, nullif(unavailable, 0), nullif(incoming, 0),"
          + " nullif(safety, 0), CASE WHEN ? THEN moved_at END";

  private final int decimals;
  private final String readSql;
  private final String readAtLocationsSql;
  private final String readCandidatesSql;
  private final List<String> candidates;
  private final String lockSql;
  private final String createSql;
  private final String changeSql;
  private final String changeAtLocationsSql;
  private final String changeAllSql;

  /**
   * Creates an object that has not accessed the table.
   *
   * @param candidates the only locations that may be chosen; empty if all may be
   */
  StockRows(WarehouseTables tables, ScaleGuard scale, List<String> candidates) {
    this.decimals = scale.decimals();
    this.candidates = List.copyOf(candidates);
    String stock = tables.stock().quoted();
    String andScale =
        " UNION ALL SELECT NULL, NULL, %s, 0, NULL, NULL, NULL, NULL".formatted(scale.sql());
    readSql =
        "SELECT %s FROM %s WHERE sku = ANY (?::text[]) AND location = ''".formatted(COLUMNS, stock)
            + andScale;
    readAtLocationsSql =
        """
        SELECT %s
          FROM unnest(?::text[], ?::text[]) AS i (at_sku, at_location)
          JOIN %s ON sku = at_sku AND location = at_location"""
                .formatted(COLUMNS, stock)
            + andScale;
    readCandidatesSql =
        "SELECT %s FROM %s WHERE sku = ANY (?::text[])%s"
                .formatted(
                    COLUMNS, stock, candidates.isEmpty() ? "" : " AND location = ANY (?::text[])")
            + andScale;
    lockSql =
        """
        SELECT %s
          FROM (SELECT s.sku, s.location, s.on_hand, s.reserved, s.unavailable, s.incoming, s.safety, s.moved_at
                  FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS i (sku, location, n)
                  JOIN %s s ON s.sku = i.sku AND s.location = i.location
                 ORDER BY i.n FOR NO KEY UPDATE OF s) locked"""
                .formatted(COLUMNS, stock)
            + andScale;
    createSql =
        """
        INSERT INTO %s (sku, location, on_hand, reserved, moved)
        SELECT sku, location, 0, 0, 0 FROM unnest(?::text[], ?::text[]) AS i (sku, location)
        ON CONFLICT (sku, location) DO NOTHING"""
            .formatted(stock);
    changeAllSql =
        """
        UPDATE %s s
           SET reserved = s.reserved + c.reserved,
               on_hand = s.on_hand + c.on_hand,
               moved = s.moved + c.on_hand,
               unavailable = s.unavailable + c.unavailable,
               incoming = s.incoming + c.incoming,
               shortage = greatest(0, s.reserved + c.reserved + s.unavailable + c.unavailable
                                      - s.on_hand - c.on_hand),
               moved_at = CASE WHEN c.counted_at IS NOT NULL THEN least(c.counted_at::timestamptz, now())
                               WHEN c.has_moved THEN greatest(s.moved_at, now())
                               ELSE s.moved_at END
          FROM unnest(?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                      ?::boolean[], ?::text[], ?::text[], ?::text[])
               AS c (sku, location, reserved, on_hand, unavailable, incoming, shortage,
                     has_moved, counted_at, known_on_hand, known_move)
         WHERE s.sku = c.sku AND s.location = c.location
           AND 0 <= s.reserved + c.reserved
           AND 0 <= s.incoming + c.incoming
           AND 0 <= s.unavailable + c.unavailable
           AND s.unavailable + c.unavailable <= s.on_hand + c.on_hand
           AND s.reserved + c.reserved + s.unavailable + c.unavailable + s.safety
               <= s.on_hand + c.on_hand + c.shortage
           AND (c.known_on_hand IS NULL
                OR s.on_hand = c.known_on_hand::bigint
                   AND s.moved_at IS NOT DISTINCT FROM c.known_move::timestamptz)"""
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
               moved = s.moved + c.on_hand,
               shortage = 0,
               moved_at = CASE WHEN c.on_hand = 0 THEN s.moved_at ELSE greatest(s.moved_at, now()) END
          FROM unnest(%s) AS c (%s)
         WHERE s.sku = c.sku AND s.location = %s
           AND 0 <= s.reserved + c.reserved
           AND s.reserved + c.reserved + s.unavailable + s.safety <= s.on_hand + c.on_hand"""
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
      return needs.items().isEmpty()
          ? new HashMap<>()
          : readItems(session, needs.items(), lock, needs.times());
    }
    Map<StockItem, Stock> found = readCandidates(session, needs.skus(), needs.times());
    Set<StockItem> items =
        switch (lock) {
          case LAST -> without(needs.items(), found.keySet());
          case FIRST -> sorted(needs.items(), found.keySet());
        };
    if (!items.isEmpty()) {
      found.putAll(readItems(session, items, lock, needs.times()));
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

  private Map<StockItem, Stock> readCandidates(SqlSession session, Set<String> skus, boolean times)
      throws SQLException {
    if (skus.isEmpty()) {
      return new HashMap<>();
    }
    String[] sorted = skus.stream().sorted().toArray(String[]::new);
    return candidates.isEmpty()
        ? read(session, times, readCandidatesSql, sorted)
        : read(session, times, readCandidatesSql, sorted, candidates.toArray(String[]::new));
  }

  private Map<StockItem, Stock> readItems(
      SqlSession session, Set<StockItem> items, StockLockOrder lock, boolean times)
      throws SQLException {
    return switch (lock) {
      case LAST ->
          haveLocations(items)
              ? read(session, times, readAtLocationsSql, skus(items), locations(items))
              : read(session, times, readSql, skus(items));
      case FIRST -> read(session, times, lockSql, skus(items), locations(items));
    };
  }

  private Map<StockItem, Stock> read(
      SqlSession session, boolean times, String sql, String[]... arrays) throws SQLException {
    Map<StockItem, Stock> stock = new HashMap<>();
    try (PreparedStatement statement = session.prepare(sql)) {
      statement.setBoolean(1, times);
      for (int i = 0; i < arrays.length; i++) {
        statement.setObject(i + 2, arrays[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String sku = rows.getString(1);
          if (sku == null) {
            requireScale(rows.getInt(3));
          } else {
            stock.put(
                new StockItem(sku, rows.getString(2)),
                new Stock(
                    rows.getLong(3),
                    rows.getLong(4),
                    rows.getLong(5),
                    rows.getLong(6),
                    rows.getLong(7),
                    times ? instant(rows.getObject(8, OffsetDateTime.class)) : null));
          }
        }
      }
    }
    return stock;
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
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
   * @throws ConcurrentChangeException if a row was deleted, has too little for its change, or is
   *     not any more what a count was compared with
   */
  void change(SqlSession session, Plan plan) throws SQLException {
    Set<StockItem> items = plan.changedItems();
    if (items.isEmpty()) {
      return;
    }
    List<Effect> changes =
        items.stream().map(item -> plan.stockChanges().getOrDefault(item, Effect.NONE)).toList();
    session.begin(Write.UPDATE_STOCK);
    if (plan.isOfOrders()) {
      changeForOrders(session, items, changes);
    } else {
      changeForDocuments(session, items, changes, plan);
    }
  }

  private void changeForOrders(SqlSession session, Set<StockItem> items, List<Effect> changes)
      throws SQLException {
    boolean atLocations = haveLocations(items);
    try (PreparedStatement statement =
        session.prepare(atLocations ? changeAtLocationsSql : changeSql)) {
      statement.setObject(1, skus(items));
      statement.setObject(2, changes.stream().mapToLong(Effect::reserved).toArray());
      statement.setObject(3, changes.stream().mapToLong(Effect::onHand).toArray());
      if (atLocations) {
        statement.setObject(4, locations(items));
      }
      expect(items.size(), statement.executeUpdate());
    }
  }

  private void changeForDocuments(
      SqlSession session, Set<StockItem> items, List<Effect> changes, Plan plan)
      throws SQLException {
    try (PreparedStatement statement = session.prepare(changeAllSql)) {
      statement.setObject(1, skus(items));
      statement.setObject(2, locations(items));
      statement.setObject(3, changes.stream().mapToLong(Effect::reserved).toArray());
      statement.setObject(4, changes.stream().mapToLong(Effect::onHand).toArray());
      statement.setObject(5, changes.stream().mapToLong(Effect::unavailable).toArray());
      statement.setObject(6, changes.stream().mapToLong(Effect::incoming).toArray());
      statement.setObject(
          7, items.stream().mapToLong(item -> plan.shortages().getOrDefault(item, 0L)).toArray());
      statement.setObject(8, hasMoved(items, plan));
      List<Plan.@Nullable Count> counts = new ArrayList<>();
      List<@Nullable Stock> known = new ArrayList<>();
      for (StockItem item : items) {
        Plan.Count count = plan.counts().get(item);
        counts.add(count);
        known.add(count == null ? null : count.known());
      }
      statement.setObject(9, Columns.texts(counts, count -> text(count.asOf())));
      statement.setObject(10, Columns.texts(known, stock -> Long.toString(stock.onHand())));
      statement.setObject(11, Columns.texts(known, stock -> text(stock.movedAt())));
      expect(items.size(), statement.executeUpdate());
    }
  }

  private static boolean[] hasMoved(Set<StockItem> items, Plan plan) {
    boolean[] hasMoved = new boolean[items.size()];
    int i = 0;
    for (StockItem item : items) {
      hasMoved[i++] = plan.hasMoved(item);
    }
    return hasMoved;
  }

  private static boolean haveLocations(Collection<StockItem> items) {
    return items.stream().anyMatch(StockItem::hasLocation);
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
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
