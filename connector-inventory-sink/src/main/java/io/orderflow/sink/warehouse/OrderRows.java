package io.orderflow.sink.warehouse;

import io.orderflow.sink.plan.Outcome;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockUpdate;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads and claims orders. A claim is the write of a newer version onto exactly the version that
 * was read: it fails if anybody has claimed the order since, so what was read along with it (its
 * effects, which stand in the same row) holds as well. No order is locked while a batch is planned,
 * and each is written once.
 */
final class OrderRows {

  /**
   * An order as it is stored.
   *
   * @param effects empty where what is stored is not older than what it was read for
   */
  record Stored(long version, SortedMap<String, Effect> effects) {}

  private static final SortedMap<String, Effect> NOTHING = Collections.emptySortedMap();

  private final OrderIdColumn ids;
  private final BinaryCopy copying = new BinaryCopy();
  private final OrderSql sql;

  OrderRows(WarehouseTables tables, OrderIdColumn ids) {
    this.ids = ids;
    this.sql = OrderSql.of(tables.orders(), ids);
  }

  /** Those of the orders that are stored, to be compared with their updates. */
  Map<Object, Stored> read(Connection connection, List<StockUpdate> updates) throws SQLException {
    Map<Object, Long> versions = new HashMap<>(2 * updates.size());
    updates.forEach(update -> versions.put(update.orderId(), update.version()));
    Map<Object, Stored> stored = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(sql.read())) {
      statement.setObject(1, ids.array(updates.stream().map(StockUpdate::orderId).toList()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Object orderId = ids.read(rows, 1);
          long version = rows.getLong(2);
          boolean older = version < versions.getOrDefault(orderId, 0L);
          stored.put(orderId, new Stored(version, older ? effects(rows) : NOTHING));
        }
      }
    }
    return stored;
  }

  private static SortedMap<String, Effect> effects(ResultSet row) throws SQLException {
    SortedMap<String, Effect> effects = new TreeMap<>();
    Array array = row.getArray(3);
    if (array != null) {
      String[] skus = (String[]) array.getArray();
      Long[] reserved = (Long[]) row.getArray(4).getArray();
      Long[] onHand = (Long[]) row.getArray(5).getArray();
      for (int i = 0; i < skus.length; i++) {
        effects.put(skus[i], new Effect(reserved[i], onHand[i]));
      }
    }
    return effects;
  }

  /**
   * Claims the orders of the outcomes, and writes what became of them.
   *
   * @param stored what was read before
   * @throws ConcurrentChangeException when one of them is not as it was read
   * @throws SQLException also as a unique violation, when an order is there by now that was not
   */
  void claim(
      Connection connection,
      List<Outcome> outcomes,
      Map<Object, Stored> stored,
      InsertStrategy inserts)
      throws SQLException {
    List<Outcome> sorted = new ArrayList<>(outcomes);
    sorted.sort((one, other) -> OrderIdColumn.compare(one.orderId(), other.orderId()));
    List<Outcome> known = sorted.stream().filter(o -> stored.containsKey(o.orderId())).toList();
    List<Outcome> fresh = sorted.stream().filter(o -> !stored.containsKey(o.orderId())).toList();
    switch (inserts) {
      case COPY -> copy(connection, fresh);
      case GUARDED -> write(connection, sql.insert(), fresh, new long[0]);
    }
    write(
        connection,
        sql.update(),
        known,
        known.stream().map(o -> stored.get(o.orderId())).mapToLong(Stored::version).toArray());
  }

  private void copy(Connection connection, List<Outcome> outcomes) throws SQLException {
    if (outcomes.isEmpty()) {
      return;
    }
    BinaryCopy rows = copying.begin();
    for (Outcome outcome : outcomes) {
      rows.row(OrderSql.COLUMN_COUNT);
      ids.write(rows, outcome.orderId());
      rows.bigint(outcome.version())
          .text(outcome.state().name())
          .text(OrderSql.reason(outcome))
          .texts(outcome.effects().keySet())
          .bigints(outcome.effects().values(), Effect::reserved)
          .bigints(outcome.effects().values(), Effect::onHand)
          .bigints(OrderSql.backordered(outcome));
    }
    rows.into(connection, sql.copy());
  }

  /**
   * @param readVersions none for orders that are inserted
   */
  private void write(
      Connection connection, String statementSql, List<Outcome> outcomes, long[] readVersions)
      throws SQLException {
    if (outcomes.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(statementSql)) {
      statement.setObject(1, ids.array(outcomes.stream().map(Outcome::orderId).toList()));
      OrderSql.bind(statement, 2, outcomes);
      if (readVersions.length > 0) {
        statement.setObject(9, readVersions);
      }
      if (statement.executeUpdate() != outcomes.size()) {
        throw new ConcurrentChangeException("orders");
      }
    }
  }
}
