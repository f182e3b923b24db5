package io.orderflow.sink.warehouse;

import io.orderflow.sink.plan.Backorder;
import io.orderflow.sink.plan.Outcome;
import io.orderflow.sink.plan.Plan;
import io.orderflow.sink.plan.Queues;
import io.orderflow.sink.plan.StockNeeds;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockItem;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps what orders wait for in step with the orders, in the transaction that has claimed the
 * order, so that no two write the same rows. SKUs are noted as due at the end of a transaction,
 * when it holds its locks of stock: a sweep locks the same rows of stock before it looks for those
 * who wait. So either this transaction sees a new one, or the sweep that follows his registration
 * sees the stock.
 */
final class Backorders {

  private final OrderIdColumn ids;
  private final BackorderSql sql;

  Backorders(BackorderTables tables, OrderIdColumn ids) {
    this.ids = ids;
    this.sql = BackorderSql.of(tables, ids);
  }

  /**
   * Reads which SKUs somebody waits for. It has to be called after stock was read: stock that has
   * come was committed together with the row that says so.
   */
  Queues readQueues(SqlSession session, StockNeeds needs) throws SQLException {
    Set<String> skus = new TreeSet<>(needs.skus());
    needs.items().forEach(item -> skus.add(item.sku()));
    if (skus.isEmpty()) {
      return Queues.NONE;
    }
    Set<String> waiting = new HashSet<>();
    Set<String> due = new HashSet<>();
    try (PreparedStatement statement = session.prepare(sql.queues())) {
      statement.setObject(1, skus.toArray(String[]::new));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          waiting.add(rows.getString(1));
          if (rows.getBoolean(2)) {
            due.add(rows.getString(1));
          }
        }
      }
    }
    return waiting.isEmpty() ? Queues.NONE : new Queues(waiting, due);
  }

  /**
   * Writes what orders wait for after they were claimed.
   *
   * @param claimed the outcomes of all orders that are not to wait any more, unless they are among
   *     the backorders
   * @param stored by order, the outcome before
   */
  void write(
      SqlSession session,
      Collection<Outcome> claimed,
      Map<Object, Outcome> stored,
      List<Backorder> backorders)
      throws SQLException {
    Map<Object, Long> versions = new HashMap<>();
    List<Backorder> kept = new ArrayList<>();
    List<Backorder> written = new ArrayList<>();
    for (Backorder backorder : backorders) {
      versions.put(backorder.orderId(), backorder.version());
      (backorder.lines().isEmpty() ? kept : written).add(backorder);
    }
    keep(session, kept, stored);
    upsert(session, written);
    Map<Object, Long> changed = new HashMap<>();
    claimed.stream()
        .filter(
            outcome -> {
              Outcome known = stored.get(outcome.orderId());
              // A version without backorders may be between that of old rows and this one.
              return (known != null && known.lacksStock())
                  || versions.containsKey(outcome.orderId());
            })
        .forEach(
            outcome ->
                changed.put(outcome.orderId(), versions.getOrDefault(outcome.orderId(), -1L)));
    removeOthers(session, changed);
  }

  /** Rows of an older version that the order keeps belong to the new one. */
  private void keep(SqlSession session, List<Backorder> kept, Map<Object, Outcome> stored)
      throws SQLException {
    if (kept.isEmpty()) {
      return;
    }
    session.begin(Write.UPSERT_BACKORDERS);
    try (PreparedStatement statement = session.prepare(sql.keep())) {
      statement.setObject(1, ids.array(kept.stream().map(Backorder::orderId).toList()));
      statement.setObject(2, kept.stream().mapToLong(Backorder::version).toArray());
      statement.setObject(
          3,
          kept.stream()
              .map(backorder -> stored.get(backorder.orderId()))
              .mapToLong(known -> known == null ? -1 : known.version())
              .toArray());
      statement.executeUpdate();
    }
  }

  private void upsert(SqlSession session, List<Backorder> backorders) throws SQLException {
    List<Object> orders = new ArrayList<>();
    List<Long> versions = new ArrayList<>();
    List<StockItem> items = new ArrayList<>();
    List<Backorder.Line> lines = new ArrayList<>();
    for (Backorder backorder : backorders) {
      backorder
          .lines()
          .forEach(
              (item, line) -> {
                orders.add(backorder.orderId());
                versions.add(backorder.version());
                items.add(item);
                lines.add(line);
              });
    }
    if (lines.isEmpty()) {
      return;
    }
    session.begin(Write.UPSERT_BACKORDERS);
    try (PreparedStatement statement = session.prepare(sql.upsert())) {
      statement.setObject(1, ids.array(orders));
      statement.setObject(2, versions.stream().mapToLong(Long::longValue).toArray());
      statement.setObject(3, StockRows.skus(items));
      statement.setObject(4, StockRows.locations(items));
      statement.setObject(5, lines.stream().mapToLong(line -> line.wanted().reserved()).toArray());
      statement.setObject(6, lines.stream().mapToLong(line -> line.wanted().onHand()).toArray());
      statement.setObject(7, lines.stream().mapToLong(Backorder.Line::lacking).toArray());
      if (statement.executeUpdate() != lines.size()) {
        throw new ConcurrentChangeException("backorders");
      }
    }
  }

  /**
   * Removes rows of orders but those of a version.
   *
   * @param versions by order; -1 if it waits for nothing, or is not stored at all
   */
  void removeOthers(SqlSession session, Map<Object, Long> versions) throws SQLException {
    if (versions.isEmpty()) {
      return;
    }
    session.begin(Write.DELETE_BACKORDERS);
    List<Object> orders = List.copyOf(versions.keySet());
    try (PreparedStatement statement = session.prepare(sql.removeOthers())) {
      statement.setObject(1, ids.array(orders));
      statement.setObject(
          2, orders.stream().mapToLong(order -> versions.getOrDefault(order, -1L)).toArray());
      statement.executeUpdate();
    }
  }

  /**
   * Notes SKUs that somebody waits for and of which more is available now, and those of new
   * backorders.
   *
   * @param registered what orders wait for from now on
   */
  void noteDue(SqlSession session, Plan plan, List<Backorder> registered) throws SQLException {
    Set<String> skus = new TreeSet<>();
    plan.stockChanges()
        .forEach(
            (item, change) -> {
              if (isMore(change)) {
                skus.add(item.sku());
              }
            });
    registered.forEach(backorder -> skus.addAll(backorder.lackingSkus()));
    if (skus.isEmpty()) {
      return;
    }
    session.begin(Write.INSERT_DUE_BACKORDERS);
    try (PreparedStatement statement = session.prepare(sql.noteDue())) {
      statement.setObject(1, skus.toArray(String[]::new));
      statement.executeUpdate();
    }
  }

  /** Whether more is available after a change; quantities of sums have no limit. */
  private static boolean isMore(Effect change) {
    return (double) change.onHand() - (double) change.reserved() - (double) change.unavailable()
        > 0;
  }
}
