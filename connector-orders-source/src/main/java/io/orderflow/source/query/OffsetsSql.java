package io.orderflow.source.query;

import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.schema.OrderSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task's positions as a table in a statement, and what lies after them.
 *
 * @param shards how many there are in all
 */
record OffsetsSql(OrderSchema layout, int shards) {

  /** A row for each shard; made of the first four parameters of a statement. */
  static final String TABLE =
      """
      unnest(?::integer[], ?::text[], ?::text[], ?::text[]::pg_snapshot[])
             AS p (orderflow_shard, orderflow_xid, orderflow_id, orderflow_captured)""";

  /**
   * Whether a row is of p's shard and after its position, as far as it was not told from the log.
   *
   * @param xid of the row, quoted
   * @param id name of the order ID's column
   */
  String after(String xid, String id) {
    return """
        %1$s = p.orderflow_shard
          AND (%2$s, %3$s) > (p.orderflow_xid::xid8, %4$s)
          AND (p.orderflow_captured IS NULL OR NOT pg_visible_in_snapshot(%2$s, p.orderflow_captured))"""
        .formatted(
            ShardSql.shard(layout.idType(), id, shards),
            xid,
            ShardSql.ordered(layout.idType(), id),
            ShardSql.comparable(layout.idType(), "p.orderflow_id"));
  }

  static void bind(
      Connection connection, PreparedStatement statement, Map<Integer, ShardOffset> positions)
      throws SQLException {
    int count = positions.size();
    Integer[] shards = new Integer[count];
    String[] xids = new String[count];
    String[] ids = new String[count];
    @Nullable String[] captured = new @Nullable String[count];
    int i = 0;
    for (Map.Entry<Integer, ShardOffset> entry : positions.entrySet()) {
      shards[i] = entry.getKey();
      xids[i] = Long.toString(entry.getValue().xid());
      ids[i] = entry.getValue().orderId();
      captured[i] = entry.getValue().captured();
      i++;
    }
    statement.setArray(1, connection.createArrayOf("int4", shards));
    statement.setArray(2, connection.createArrayOf("text", xids));
    statement.setArray(3, connection.createArrayOf("text", ids));
    statement.setArray(4, connection.createArrayOf("text", captured));
  }
}
