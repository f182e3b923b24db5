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

  private final int decimals;
  private final List<String> candidates;
  private final StockSql sql;

  /**
   * Creates an object that has not accessed the table.
   *
   * @param candidates the only locations that may be chosen; empty if all may be
   */
  StockRows(WarehouseTables tables, ScaleGuard scale, List<String> candidates) {
    this.decimals = scale.decimals();
    this.candidates = List.copyOf(candidates);
    this.sql = StockSql.of(tables.stock(), scale, !candidates.isEmpty());
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
        ? read(session, times, sql.readCandidates(), sorted)
        : read(session, times, sql.readCandidates(), sorted, candidates.toArray(String[]::new));
  }

  private Map<StockItem, Stock> readItems(
      SqlSession session, Set<StockItem> items, StockLockOrder lock, boolean times)
      throws SQLException {
    return switch (lock) {
      case LAST ->
          haveLocations(items)
              ? read(session, times, sql.readAtLocations(), skus(items), locations(items))
              : read(session, times, sql.read(), skus(items));
      case FIRST -> read(session, times, sql.lock(), skus(items), locations(items));
    };
  }

  private Map<StockItem, Stock> read(
      SqlSession session, boolean times, String query, String[]... arrays) throws SQLException {
    Map<StockItem, Stock> stock = new HashMap<>(2 * arrays[0].length);
    try (PreparedStatement statement = session.prepare(query)) {
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
    try (PreparedStatement statement = session.prepare(sql.create())) {
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
    session.begin(Write.UPDATE_STOCK);
    if (plan.isOfOrders()) {
      changeForOrders(session, items, plan.stockChanges().values());
    } else {
      changeForDocuments(session, items, plan);
    }
  }

  private void changeForOrders(SqlSession session, Set<StockItem> items, Collection<Effect> changes)
      throws SQLException {
    boolean atLocations = haveLocations(items);
    try (PreparedStatement statement =
        session.prepare(atLocations ? sql.changeAtLocations() : sql.change())) {
      statement.setObject(1, skus(items));
      statement.setObject(2, changes.stream().mapToLong(Effect::reserved).toArray());
      statement.setObject(3, changes.stream().mapToLong(Effect::onHand).toArray());
      if (atLocations) {
        statement.setObject(4, locations(items));
      }
      expect(items.size(), statement.executeUpdate());
    }
  }

  private void changeForDocuments(SqlSession session, Set<StockItem> items, Plan plan)
      throws SQLException {
    List<Effect> changes =
        items.stream().map(item -> plan.stockChanges().getOrDefault(item, Effect.NONE)).toList();
    try (PreparedStatement statement = session.prepare(sql.changeAll())) {
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
