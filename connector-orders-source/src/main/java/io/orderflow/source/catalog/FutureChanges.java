package io.orderflow.source.catalog;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderIdText;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.sql.DeletesTable;
import io.orderflow.source.sql.OrderIdSql;
import io.orderflow.source.sql.ShardSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds orders with a transaction ID that this cluster has not assigned yet, as after a restore
 * from another cluster. Capture would skip them until the cluster assigns it.
 */
public final class FutureChanges {

  private FutureChanges() {}

  /** A table of changes, and its columns. */
  private record Changes(TableName table, OrderIdColumns ids, String xid) {}

  /** The problem and the SQL that fixes it; empty if there is none. */
  public static Optional<String> find(
      Connection connection, CapturedTables tables, OrderSchema schema, int shards)
      throws SQLException {
    Optional<String> ofOrders =
        find(connection, new Changes(tables.orders(), schema.ids(), schema.changeXid()), shards);
    TableName deletes = tables.deletes();
    return ofOrders.isPresent() || deletes == null
        ? ofOrders
        : find(
            connection,
            new Changes(deletes, DeletesTable.ids(schema.ids()), DeletesTable.CHANGE_XID),
            shards);
  }

  private static Optional<String> find(Connection connection, Changes changes, int shards)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql(changes, shards));
        ResultSet row = statement.executeQuery()) {
      return row.next()
          ? Optional.of(message(changes, id(changes, row), row.getString(1)))
          : Optional.empty();
    }
  }

  private static String id(Changes changes, ResultSet row) throws SQLException {
    List<String> parts = new ArrayList<>();
    for (int part = 0; part < changes.ids().count(); part++) {
      parts.add(row.getString(part + 2));
    }
    return OrderIdText.join(parts);
  }

  private static String sql(Changes changes, int shards) {
    return """
        SELECT o.*
        FROM generate_series(0, %1$d) AS s (shard)
        CROSS JOIN LATERAL (
          SELECT %3$s::text AS orderflow_xid, %2$s FROM %4$s
          WHERE %5$s = s.shard AND %3$s >= pg_snapshot_xmax(pg_current_snapshot())
          ORDER BY %3$s DESC, %6$s DESC
          LIMIT 1
        ) AS o
        LIMIT 1
        """
        .formatted(
            shards - 1,
            OrderIdSql.columns(changes.ids(), ""),
            Identifiers.quote(changes.xid()),
            changes.table().quoted(),
            ShardSql.shard(changes.ids(), shards),
            ShardSql.ordered(changes.ids()));
  }

  private static String message(Changes changes, String id, String xid) {
    return """
        %1$s has %2$s = %3$s for order %4$s, a transaction ID that this database cluster has not assigned yet; the rows were probably restored from another cluster. Set it again:
        UPDATE %5$s SET %2$s = pg_current_xact_id() WHERE %2$s >= pg_snapshot_xmax(pg_current_snapshot());"""
        .formatted(
            changes.table(), Identifiers.quote(changes.xid()), xid, id, changes.table().quoted());
  }
}
