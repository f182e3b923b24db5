package io.orderflow.sink.warehouse;

import io.orderflow.sink.plan.Outcome;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Locks orders that a sweep has read before without a lock, and never waits for one. */
final class OrderLocks {

  private final OrderIdColumn ids;
  final String lockSql;

  OrderLocks(WarehouseTables tables, OrderIdColumn ids) {
    this.ids = ids;
    this.lockSql =
        """
        SELECT o.order_id
          FROM unnest(?::%s, ?::bigint[]) AS u (order_id, read_revision)
          JOIN %s o ON o.order_id = u.order_id AND o.revision = u.read_revision
           FOR NO KEY UPDATE OF o SKIP LOCKED"""
            .formatted(ids.arrayType(), tables.orders().quoted());
  }

  /**
   * Locks orders.
   *
   * @return those of them that have not changed since, and that no other transaction is writing
   */
  List<Outcome> lock(SqlSession session, Collection<Outcome> read) throws SQLException {
    Set<Object> locked = new HashSet<>();
    try (PreparedStatement statement = session.prepare(lockSql)) {
      statement.setObject(1, ids.array(read.stream().map(Outcome::orderId).toList()));
      statement.setObject(2, read.stream().mapToLong(Outcome::revision).toArray());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          locked.add(ids.read(rows, 1));
        }
      }
    }
    return read.stream().filter(order -> locked.contains(order.orderId())).toList();
  }
}
