package io.orderflow.sink.warehouse;

import io.orderflow.sink.plan.Line;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes the lines of orders that the transaction has claimed: nobody else touches them then. */
final class LineRows {

  private final OrderIds ids;
  private final String insertSql;
  private final String upsertSql;
  private final String removeSql;

  LineRows(WarehouseTables tables, OrderIds ids) {
    this.ids = ids;
    String lines = tables.lines().quoted();
    insertSql =
        """
        INSERT INTO %s (order_id, sku, reserved, on_hand_delta)
        SELECT * FROM unnest(?::%s, ?::text[], ?::bigint[], ?::bigint[])"""
            .formatted(lines, ids.arrayType());
    upsertSql =
        insertSql
            + " ON CONFLICT (order_id, sku) DO UPDATE"
            + " SET reserved = EXCLUDED.reserved, on_hand_delta = EXCLUDED.on_hand_delta";
    removeSql =
        """
        DELETE FROM %s l
         USING unnest(?::%s, ?::text[]) AS r (order_id, sku)
         WHERE l.order_id = r.order_id AND l.sku = r.sku"""
            .formatted(lines, ids.arrayType());
  }

  /**
   * Writes lines that are new or changed.
   *
   * @param stored the orders that had a row before; lines of others are inserted without looking
   */
  void write(Connection connection, List<Line> lines, Set<?> stored) throws SQLException {
    Map<Boolean, List<Line>> known =
        lines.stream().collect(Collectors.partitioningBy(l -> stored.contains(l.orderId())));
    write(connection, insertSql, known.getOrDefault(false, List.of()));
    write(connection, upsertSql, known.getOrDefault(true, List.of()));
  }

  private void write(Connection connection, String sql, List<Line> lines) throws SQLException {
    if (lines.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bindKeys(statement, lines);
      statement.setObject(3, lines.stream().mapToLong(l -> l.effect().reserved()).toArray());
      statement.setObject(4, lines.stream().mapToLong(l -> l.effect().onHand()).toArray());
      statement.executeUpdate();
    }
  }

  void remove(Connection connection, List<Line> lines) throws SQLException {
    if (lines.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(removeSql)) {
      bindKeys(statement, lines);
      statement.executeUpdate();
    }
  }

  private void bindKeys(PreparedStatement statement, List<Line> lines) throws SQLException {
    statement.setObject(1, ids.array(lines.stream().map(Line::orderId).toList()));
    statement.setObject(2, lines.stream().map(Line::sku).toArray(String[]::new));
  }
}
