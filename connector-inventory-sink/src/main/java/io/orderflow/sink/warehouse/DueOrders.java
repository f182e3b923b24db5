package io.orderflow.sink.warehouse;

import io.orderflow.sink.plan.Outcome;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the orders whose reservations are due, along the index of deadlines, and locks them. Orders
 * that another transaction is writing are left to the next sweep, so that a sweep never waits for a
 * batch here.
 */
final class DueOrders {

  private final OrderRows orders;
  private final OrderIdColumn ids;
  final String readSql;
  private final String stillDueSql;

  DueOrders(WarehouseTables tables, OrderIdColumn ids, OrderRows orders) {
    this.orders = orders;
    this.ids = ids;
    String table = tables.orders().quoted();
    this.readSql =
        "SELECT %s FROM %s WHERE expires_at <= ? ORDER BY expires_at LIMIT ? FOR NO KEY UPDATE SKIP LOCKED"
            .formatted(OrderSql.STORED + OrderSql.DEADLINE, table);
    this.stillDueSql =
        "SELECT EXISTS (SELECT FROM %s WHERE order_id = ANY (?::%s) AND expires_at <= ?)"
            .formatted(table, ids.arrayType());
  }

  /**
   * Reads and locks orders, the one that is due for the longest time first.
   *
   * @param now deadlines up to this time are due
   * @param limit maximum number of orders
   */
  List<Outcome> read(SqlSession session, Instant now, int limit) throws SQLException {
    List<Outcome> due = new ArrayList<>();
    try (PreparedStatement statement = session.prepare(readSql)) {
      statement.setObject(1, now.atOffset(ZoneOffset.UTC));
      statement.setInt(2, limit);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          due.add(orders.outcome(rows));
        }
      }
    }
    return due;
  }

  /**
   * Requires that orders are not due any more; otherwise each sweep would release them again.
   *
   * @throws ConcurrentChangeException if a trigger has kept the deadline of one
   */
  void requireReleased(SqlSession session, List<Outcome> released, Instant now)
      throws SQLException {
    try (PreparedStatement statement = session.prepare(stillDueSql)) {
      statement.setObject(1, ids.array(released.stream().map(Outcome::orderId).toList()));
      statement.setObject(2, now.atOffset(ZoneOffset.UTC));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        if (row.getBoolean(1)) {
          throw new ConcurrentChangeException("orders");
        }
      }
    }
  }
}
