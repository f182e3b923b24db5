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

  /** Sweeps of several tasks would only skip each other's rows. */
  private static final String LOCK =
      "SELECT pg_try_advisory_xact_lock(hashtext('orderflow.expiry'), hashtext(?))";

  private final OrderRows orders;
  private final String table;
  private final String readSql;

  DueOrders(WarehouseTables tables, OrderRows orders) {
    this.orders = orders;
    this.table = tables.orders().quoted();
    this.readSql =
        "SELECT %s FROM %s WHERE expires_at <= ? ORDER BY expires_at LIMIT ? FOR NO KEY UPDATE SKIP LOCKED"
            .formatted(OrderSql.STORED + OrderSql.DEADLINE, table);
  }

  /** Becomes the only sweep of this table until the transaction ends; false if another one is. */
  boolean lock(SqlSession session) throws SQLException {
    try (PreparedStatement statement = session.prepare(LOCK)) {
      statement.setString(1, table);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  /**
   * Reads orders, the one that is due for the longest time first.
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
}
