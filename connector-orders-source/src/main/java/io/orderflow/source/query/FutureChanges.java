package io.orderflow.source.query;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Looks for orders whose transaction ID this cluster has not given out yet, as after a restore from
 * another cluster. The capture would pass them over until the cluster gets there.
 */
public final class FutureChanges {

  private FutureChanges() {}

  /** A table of changes, and its columns' names. */
  private record Changes(TableName table, String id, String xid) {}

  /** What is wrong and the SQL that mends it; empty when all is well. */
  public static Optional<String> find(
      Connection connection, CapturedTables tables, OrderSchema layout, int shards)
      throws SQLException {
    Optional<String> ofOrders =
        find(
            connection,
            new Changes(tables.orders(), layout.ordersId(), layout.changeXid()),
            layout.idType(),
            shards);
    TableName deletes = tables.deletes();
    return ofOrders.isPresent() || deletes == null
        ? ofOrders
        : find(
            connection,
            new Changes(deletes, DeletesTable.ORDER_ID, DeletesTable.CHANGE_XID),
            layout.idType(),
            shards);
  }

  private static Optional<String> find(
      Connection connection, Changes changes, OrderIdType idType, int shards) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql(changes, idType, shards));
        ResultSet row = statement.executeQuery()) {
      return row.next()
          ? Optional.of(message(changes, row.getString(1), row.getString(2)))
          : Optional.empty();
    }
  }

  private static String sql(Changes changes, OrderIdType idType, int shards) {
    return """
        SELECT o.id, o.xid
        FROM generate_series(0, %1$d) AS s (shard)
        CROSS JOIN LATERAL (
          SELECT %2$s::text AS id, %3$s::text AS xid FROM %4$s
          WHERE %5$s = s.shard AND %3$s >= pg_snapshot_xmax(pg_current_snapshot())
          ORDER BY %3$s DESC, %6$s DESC
          LIMIT 1
        ) AS o
        LIMIT 1
        """
        .formatted(
            shards - 1,
            Identifiers.quote(changes.id()),
            Identifiers.quote(changes.xid()),
            changes.table().quoted(),
            ShardSql.shard(idType, changes.id(), shards),
            ShardSql.ordered(idType, changes.id()));
  }

  private static String message(Changes changes, String id, String xid) {
    return """
        expected transaction IDs of this database cluster in %1$s, found %2$s = %3$s for order %4$s, which is still to come; the rows were probably restored from another cluster. Stamp them anew: UPDATE %5$s SET %2$s = pg_current_xact_id() WHERE %2$s >= pg_snapshot_xmax(pg_current_snapshot());"""
        .formatted(
            changes.table(), Identifiers.quote(changes.xid()), xid, id, changes.table().quoted());
  }
}
