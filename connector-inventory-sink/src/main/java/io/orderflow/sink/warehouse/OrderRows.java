package io.orderflow.sink.warehouse;

import io.orderflow.sink.plan.Outcome;
import io.orderflow.sink.plan.Reason;
import io.orderflow.sink.plan.ReservationRules;
import io.orderflow.sink.plan.State;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.update.StockUpdate;
import io.orderflow.sink.warehouse.WriteMode.InsertStrategy;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads and claims orders. A claim replaces exactly the revision that was read, and fails if
 * another transaction has written the order since, be it without a new version. The effects, which
 * are in the same row, are therefore those that were read as well. Orders are not locked while a
 * batch is planned, and each is written once.
 */
final class OrderRows {

  private final OrderIdColumn ids;
  private final BinaryCopy copying = new BinaryCopy();
  private final OrderSql ofOrders;
  private final OrderSql ofDocuments;

  OrderRows(WarehouseTables tables, OrderIdColumn ids, ReservationRules rules) {
    this.ids = ids;
    this.ofOrders = OrderSql.of(tables.orders(), ids, rules.expire(), false);
    this.ofDocuments = OrderSql.of(tables.orders(), ids, rules.expire(), true);
  }

  /**
   * Reads the stored outcomes of the updates' orders; orders without a row are left out. An outcome
   * that is not older than the update has no effects.
   */
  Map<Object, Outcome> read(SqlSession session, List<StockUpdate> updates) throws SQLException {
    Map<Object, Long> versions = new HashMap<>(2 * updates.size());
    updates.forEach(update -> versions.put(update.orderId(), update.version()));
    return read(session, updates.stream().map(StockUpdate::orderId).toList(), versions);
  }

  /** Reads stored outcomes with all of their effects. */
  Map<Object, Outcome> readWhole(SqlSession session, Collection<Object> orders)
      throws SQLException {
    Map<Object, Long> versions = new HashMap<>();
    orders.forEach(order -> versions.put(order, Long.MAX_VALUE));
    return read(session, List.copyOf(orders), versions);
  }

  private Map<Object, Outcome> read(
      SqlSession session, List<Object> orders, Map<Object, Long> versions) throws SQLException {
    Map<Object, Outcome> stored = new HashMap<>();
    try (PreparedStatement statement = session.prepare(ofOrders.read())) {
      statement.setObject(1, ids.array(orders));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Object orderId = ids.read(rows, 1);
          long version = rows.getLong(2);
          boolean older = version < versions.getOrDefault(orderId, 0L);
          stored.put(orderId, outcome(orderId, version, rows, older, ofOrders.expires()));
        }
      }
    }
    return stored;
  }

  private static Outcome outcome(
      Object orderId, long version, ResultSet row, boolean whole, boolean expires)
      throws SQLException {
    State state = State.valueOf(row.getString(3));
    String reason = row.getString(4);
    SortedMap<StockItem, Effect> effects = new TreeMap<>();
    SortedMap<StockItem, Long> backordered = new TreeMap<>();
    if (whole) {
      String[] skus = (String[]) row.getArray(5).getArray();
      Array at = row.getArray(6);
      @Nullable String[] locations =
          at == null ? new @Nullable String[skus.length] : (String[]) at.getArray();
      Long[] reserved = (Long[]) row.getArray(7).getArray();
      Long[] onHand = (Long[]) row.getArray(8).getArray();
      Array more = row.getArray(9);
      Long[] lacking = more == null ? new Long[skus.length] : (Long[]) more.getArray();
      Array held = row.getArray(11);
      Long[] unavailable = held == null ? null : (Long[]) held.getArray();
      Array moving = row.getArray(12);
      Long[] incoming = moving == null ? null : (Long[]) moving.getArray();
      for (int i = 0; i < skus.length; i++) {
        StockItem item = item(skus[i], locations[i]);
        effects.put(
            item,
            new Effect(
                reserved[i],
                onHand[i],
                unavailable == null ? 0 : unavailable[i],
                incoming == null ? 0 : incoming[i]));
        if (lacking[i] != null && lacking[i] > 0) {
          backordered.put(item, lacking[i]);
        }
      }
    }
    return new Outcome(
        orderId,
        version,
        state,
        reason == null || state.hasNote() ? null : Reason.valueOf(reason),
        effects,
        backordered,
        expires ? instant(row.getObject(13, OffsetDateTime.class)) : null,
        state.hasNote() ? reason : null,
        row.getLong(10));
  }

  private static StockItem item(String sku, @Nullable String location) {
    return location == null ? StockItem.of(sku) : new StockItem(sku, location);
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  /** The stored outcome in a row with {@link OrderSql#STORED} and {@link OrderSql#DEADLINE}. */
  Outcome outcome(ResultSet row) throws SQLException {
    return outcome(ids.read(row, 1), row.getLong(2), row, true, true);
  }

  /**
   * Claims the orders, and writes their outcomes.
   *
   * @param stored the orders as read before
   * @throws ConcurrentChangeException if an order has changed since it was read
   * @throws SQLException also a unique violation, if another transaction has inserted an order
   */
  void claim(
      SqlSession session,
      List<Outcome> outcomes,
      Map<Object, Outcome> stored,
      InsertStrategy inserts)
      throws SQLException {
    List<Outcome> sorted = new ArrayList<>(outcomes);
    sorted.sort((one, other) -> OrderIdColumn.compare(one.orderId(), other.orderId()));
    List<Outcome> fresh = sorted;
    List<Outcome> known = List.of();
    if (!stored.isEmpty()) {
      fresh = sorted.stream().filter(o -> !stored.containsKey(o.orderId())).toList();
      known = sorted.stream().filter(o -> stored.containsKey(o.orderId())).toList();
    }
    OrderSql sql =
        sorted.stream().anyMatch(outcome -> isOfDocument(outcome, stored)) ? ofDocuments : ofOrders;
    if (!fresh.isEmpty()) {
      session.begin(Write.INSERT_ORDERS);
    }
    switch (inserts) {
      case COPY -> copy(session, sql, fresh);
      case GUARDED -> write(session, sql, sql.insert(), fresh, new long[0]);
    }
    if (!known.isEmpty()) {
      session.begin(Write.UPDATE_ORDERS);
    }
    write(
        session,
        sql,
        sql.update(),
        known,
        known.stream().map(o -> stored.get(o.orderId())).mapToLong(Outcome::revision).toArray());
  }

  /** Whether an outcome may have effects that only documents have, or replaces such effects. */
  private static boolean isOfDocument(Outcome outcome, Map<Object, Outcome> stored) {
    Outcome before = stored.get(outcome.orderId());
    return outcome.state().hasNote() || (before != null && before.hasUnavailableOrIncoming());
  }

  private void copy(SqlSession session, OrderSql sql, List<Outcome> outcomes) throws SQLException {
    if (outcomes.isEmpty()) {
      return;
    }
    // Like the column's default, which the server would compute for each row.
    long revision = System.currentTimeMillis();
    BinaryCopy rows = copying.begin();
    for (Outcome outcome : outcomes) {
      rows.row(sql.columnCount());
      ids.write(rows, outcome.orderId());
      rows.bigint(outcome.version())
          .text(outcome.state().name())
          .text(OrderSql.reason(outcome))
          .texts(outcome.effects().keySet(), StockItem::sku)
          .texts(OrderSql.locations(outcome.effects().keySet()))
          .bigints(outcome.effects().values(), Effect::reserved)
          .bigints(outcome.effects().values(), Effect::onHand)
          .bigints(OrderSql.backordered(outcome))
          .bigint(revision);
      if (sql.expires()) {
        rows.timestamp(outcome.expiresAt());
      }
      if (sql.ofDocuments()) {
        rows.bigints(OrderSql.nullIfAllZero(outcome.effects(), Effect::unavailable))
            .bigints(OrderSql.nullIfAllZero(outcome.effects(), Effect::incoming));
      }
    }
    if (!rows.send(session, sql.copy())) {
      throw new ConcurrentChangeException("orders");
    }
  }

  /**
   * Inserts or updates orders.
   *
   * @param readRevisions the revisions to replace; empty for an insert
   */
  private void write(
      SqlSession session,
      OrderSql sql,
      String statementSql,
      List<Outcome> outcomes,
      long[] readRevisions)
      throws SQLException {
    if (outcomes.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = session.prepare(statementSql)) {
      statement.setObject(1, ids.array(outcomes.stream().map(Outcome::orderId).toList()));
      int next = sql.bind(statement, 2, outcomes);
      if (readRevisions.length > 0) {
        statement.setObject(next, readRevisions);
      }
      if (statement.executeUpdate() != outcomes.size()) {
        throw new ConcurrentChangeException("orders");
      }
    }
  }
}
