package io.orderflow.sink.warehouse;

import io.orderflow.sink.plan.Outcome;
import io.orderflow.sink.update.Effect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads and claims orders. A claim is the write of a newer version onto exactly the version that
 * was read: it fails if anybody has claimed the order since, so what was read along with it (its
 * lines, which nobody writes without a claim) holds as well. No order is locked while a batch is
 * planned, and each is written once.
 */
final class OrderRows {

  /** An order as it is stored. */
  record Stored(long version, SortedMap<String, Effect> effects) {}

  private final OrderIds ids;
  private final String readSql;
  private final String insertSql;
  private final String updateSql;

  OrderRows(WarehouseTables tables, OrderIds ids) {
    this.ids = ids;
    String orders = tables.orders().quoted();
    readSql =
        """
        SELECT i.n, o.version, l.sku, l.reserved, l.on_hand_delta
          FROM unnest(?::%s) WITH ORDINALITY AS i (order_id, n)
          JOIN %s o ON o.order_id = i.order_id
          LEFT JOIN %s l ON l.order_id = i.order_id"""
            .formatted(ids.arrayType(), orders, tables.lines().quoted());
    insertSql =
        """
        INSERT INTO %s (order_id, version, state, reason)
        SELECT * FROM unnest(?::%s, ?::bigint[], ?::text[], ?::text[])
        ON CONFLICT (order_id) DO NOTHING"""
            .formatted(orders, ids.arrayType());
    updateSql =
        """
        UPDATE %s o
           SET version = u.version, state = u.state, reason = u.reason, updated_at = now()
          FROM unnest(?::%s, ?::bigint[], ?::text[], ?::text[], ?::bigint[])
               AS u (order_id, version, state, reason, read_version)
         WHERE o.order_id = u.order_id AND o.version = u.read_version"""
            .formatted(orders, ids.arrayType());
  }

  /** Those of the orders that are stored, with their lines as of the same moment. */
  Map<Object, Stored> read(Connection connection, List<?> orderIds) throws SQLException {
    Map<Object, Stored> stored = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(readSql)) {
      statement.setObject(1, ids.array(orderIds));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Object orderId = orderIds.get(rows.getInt(1) - 1);
          Stored order = stored.get(orderId);
          if (order == null) {
            order = new Stored(rows.getLong(2), new TreeMap<>());
            stored.put(orderId, order);
          }
          String sku = rows.getString(3);
          if (sku != null) {
            order.effects().put(sku, new Effect(rows.getLong(4), rows.getLong(5)));
          }
        }
      }
    }
    return stored;
  }

  /**
   * Claims the orders of the outcomes, and writes what became of them.
   *
   * @param stored what was read before
   * @throws RacedException when one of them is not as it was read
   */
  void claim(Connection connection, List<Outcome> outcomes, Map<Object, Stored> stored)
      throws SQLException {
    List<Outcome> sorted = new ArrayList<>(outcomes);
    sorted.sort((one, other) -> OrderIds.compare(one.orderId(), other.orderId()));
    List<Outcome> known = sorted.stream().filter(o -> stored.containsKey(o.orderId())).toList();
    List<Outcome> fresh = sorted.stream().filter(o -> !stored.containsKey(o.orderId())).toList();
    write(connection, insertSql, fresh, null);
    write(
        connection,
        updateSql,
        known,
        known.stream().map(o -> stored.get(o.orderId())).mapToLong(Stored::version).toArray());
  }

  private void write(
      Connection connection, String sql, List<Outcome> outcomes, long @Nullable [] readVersions)
      throws SQLException {
    if (outcomes.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, ids.array(outcomes.stream().map(Outcome::orderId).toList()));
      statement.setObject(2, outcomes.stream().mapToLong(Outcome::version).toArray());
      statement.setObject(3, outcomes.stream().map(o -> o.state().name()).toArray(String[]::new));
      statement.setObject(4, outcomes.stream().map(OrderRows::reason).toArray(String[]::new));
      if (readVersions != null) {
        statement.setObject(5, readVersions);
      }
      if (statement.executeUpdate() != outcomes.size()) {
        throw new RacedException("orders");
      }
    }
  }

  private static @Nullable String reason(Outcome outcome) {
    return outcome.reason() == null ? null : outcome.reason().name();
  }
}
