package io.orderflow.sink.warehouse;

import io.orderflow.common.database.Identifiers;
import io.orderflow.sink.plan.Outcome;
import io.orderflow.sink.plan.ReservationPolicy;
import io.orderflow.sink.plan.ReservationRules;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.InventoryUpdate;
import io.orderflow.sink.update.StockItem;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads who is served next. What it reads grows with what is to be served, and not with the length
 * of the queues: it looks only at SKUs that are due, and at those who want no more than has come.
 */
final class BackorderQueue {

  /** Available quantity of a row s of stock, as {@link io.orderflow.sink.plan.Stock} has it. */
  private static final String AVAILABLE =
      "s.on_hand::numeric - s.reserved - s.unavailable - s.safety + s.oversell";

  /** The first of those who wait for an item, whatever they want. */
  private static final String IN_ORDER =
      """
      SELECT b.order_id, b.place FROM %s b
       WHERE b.sku = q.sku AND b.location = q.location AND b.lacking > 0 AND b.place > ?
       ORDER BY b.place LIMIT ?""";

  /** The first of those who want no more than is free, one quantity after the other. */
  private static final String THAT_FIT =
      """
      WITH RECURSIVE amount (quantity) AS (
        (SELECT min(b.lacking) FROM %1$s b WHERE b.sku = q.sku AND b.location = q.location AND b.lacking > 0)
        UNION ALL
        SELECT (SELECT min(b.lacking) FROM %1$s b
                 WHERE b.sku = q.sku AND b.location = q.location AND b.lacking > 0 AND b.lacking > a.quantity)
          FROM amount a WHERE a.quantity < q.free)
      SELECT f.order_id, f.place
        FROM amount a
       CROSS JOIN LATERAL (
         SELECT b.order_id, b.place FROM %1$s b
          WHERE b.sku = q.sku AND b.location = q.location AND b.lacking = a.quantity AND b.lacking > 0
            AND b.place > ?
          ORDER BY b.place LIMIT ?) f
       WHERE a.quantity <= q.free
       ORDER BY f.place LIMIT ?""";

  private final OrderIdColumn ids;
  private final boolean inParts;
  final String dueSql;
  final String removeDueSql;
  final String candidatesSql;
  final String linesSql;
  final String lookSql;

  BackorderQueue(
      BackorderTables tables,
      WarehouseTables warehouse,
      OrderIdColumn ids,
      ReservationRules rules) {
    String backorders = tables.orders().quoted();
    String stock = warehouse.stock().quoted();
    this.ids = ids;
    this.inParts = rules.policy() == ReservationPolicy.PARTIAL;
    this.dueSql = "SELECT id, sku FROM %s ORDER BY id LIMIT ?".formatted(tables.due().quoted());
    this.removeDueSql =
        "DELETE FROM %s WHERE id = ANY (?::bigint[])".formatted(tables.due().quoted());
    // Lines without a location take from all of them, unless stock has none.
    this.candidatesSql =
        """
        WITH free AS MATERIALIZED (
          SELECT s.sku, s.location, %1$s AS free FROM %2$s s WHERE s.sku = ANY (?::text[]) AND %1$s > 0),
        q AS (%3$s)
        SELECT c.order_id, c.place FROM q CROSS JOIN LATERAL (%4$s) c ORDER BY c.place LIMIT ?"""
            .formatted(
                AVAILABLE,
                stock,
                rules.locations().areInUse()
                    ? "SELECT sku, location, free FROM free WHERE location <> ''"
                        + " UNION ALL SELECT sku, '', sum(free) FROM free"
                        + where(rules.locations().candidates())
                        + " GROUP BY sku"
                    : "SELECT sku, location, free FROM free",
                (inParts ? IN_ORDER : THAT_FIT).formatted(backorders));
    this.linesSql =
        "SELECT order_id, version, sku, location, wanted, on_hand_delta FROM %s WHERE order_id = ANY (?::%s)"
            .formatted(backorders, ids.arrayType());
    this.lookSql =
        """
        WITH RECURSIVE w (sku, n) AS (
          (SELECT b.sku, 1 FROM %1$s b WHERE b.lacking > 0 AND b.sku > ? ORDER BY b.sku LIMIT 1)
          UNION ALL
          SELECT (SELECT b.sku FROM %1$s b WHERE b.lacking > 0 AND b.sku > w.sku ORDER BY b.sku LIMIT 1), w.n + 1
            FROM w WHERE w.sku IS NOT NULL AND w.n < ?)
        SELECT w.sku, (SELECT true FROM %2$s s WHERE s.sku = w.sku AND %3$s > 0 LIMIT 1)
          FROM w WHERE w.sku IS NOT NULL ORDER BY w.sku"""
            .formatted(backorders, stock, AVAILABLE);
  }

  private static String where(List<String> locations) {
    return locations.isEmpty()
        ? ""
        : locations.stream()
            .map(Identifiers::literal)
            .collect(Collectors.joining(", ", " WHERE location IN (", ")"));
  }

  /** Reads the SKUs that are due, the first one first, by the IDs of their rows. */
  SortedMap<Long, String> readDue(SqlSession session, int limit) throws SQLException {
    SortedMap<Long, String> due = new TreeMap<>();
    try (PreparedStatement statement = session.prepare(dueSql)) {
      statement.setInt(1, limit);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          due.put(rows.getLong(1), rows.getString(2));
        }
      }
    }
    return due;
  }

  void removeDue(SqlSession session, Collection<Long> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    session.begin(Write.DELETE_BACKORDERS);
    try (PreparedStatement statement = session.prepare(removeDueSql)) {
      statement.setObject(1, rows.stream().mapToLong(Long::longValue).toArray());
      statement.executeUpdate();
    }
  }

  /**
   * Who may get something.
   *
   * @param orders the one that comes first is served first
   * @param last the place of the last one
   * @param mayLeaveMore whether others follow
   */
  record Candidates(Set<Object> orders, long last, boolean mayLeaveMore) {}

  /**
   * Reads who may get something of SKUs, without a lock.
   *
   * @param after the place after which to begin
   */
  Candidates readCandidates(SqlSession session, Collection<String> skus, long after, int limit)
      throws SQLException {
    Set<Object> orders = new LinkedHashSet<>();
    long last = after;
    int count = 0;
    try (PreparedStatement statement = session.prepare(candidatesSql)) {
      int next = 1;
      statement.setObject(next++, new TreeSet<>(skus).toArray(String[]::new));
      statement.setLong(next++, after);
      statement.setInt(next++, limit);
      if (!inParts) {
        statement.setInt(next++, limit);
      }
      statement.setInt(next, limit);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          orders.add(ids.read(rows, 1));
          last = rows.getLong(2);
          count++;
        }
      }
    }
    return new Candidates(orders, last, count == limit);
  }

  /**
   * What orders want.
   *
   * @param byOrder without those that want nothing
   * @param outdated orders with rows of another version, left over from a time without backorders
   */
  record Wishes(Map<Object, InventoryUpdate> byOrder, Set<Object> outdated) {}

  /** Reads all that the stored versions of orders want. */
  Wishes readWishes(SqlSession session, Map<Object, Outcome> stored) throws SQLException {
    Map<Object, SortedMap<StockItem, Effect>> lines = new HashMap<>();
    Set<Object> outdated = new HashSet<>();
    try (PreparedStatement statement = session.prepare(linesSql)) {
      statement.setObject(1, ids.array(new ArrayList<>(stored.keySet())));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Object order = ids.read(rows, 1);
          Outcome known = stored.get(order);
          if (known == null || known.version() != rows.getLong(2)) {
            outdated.add(order);
            continue;
          }
          lines
              .computeIfAbsent(order, key -> new TreeMap<>())
              .put(
                  new StockItem(rows.getString(3), rows.getString(4)),
                  new Effect(rows.getLong(5), rows.getLong(6)));
        }
      }
    }
    Map<Object, InventoryUpdate> wishes = new HashMap<>();
    stored.forEach(
        (order, known) -> {
          SortedMap<StockItem, Effect> effects = lines.get(order);
          if (effects != null) {
            wishes.put(order, new InventoryUpdate(order, known.version(), Intent.RESERVE, effects));
          }
        });
    return new Wishes(wishes, outdated);
  }

  /**
   * Looks at the next SKUs that somebody waits for, in alphabetical order.
   *
   * @param after the SKU after which to begin
   * @return by SKU, whether some of it is available anywhere
   */
  SortedMap<String, Boolean> look(SqlSession session, String after, int limit) throws SQLException {
    SortedMap<String, Boolean> found = new TreeMap<>();
    try (PreparedStatement statement = session.prepare(lookSql)) {
      statement.setString(1, after);
      statement.setInt(2, limit);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.put(rows.getString(1), rows.getBoolean(2));
        }
      }
    }
    return found;
  }
}
