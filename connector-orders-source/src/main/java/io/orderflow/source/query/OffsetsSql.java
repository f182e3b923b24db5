package io.orderflow.source.query;

import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.sql.ShardSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The offsets of a task's shards as a table in a statement, and the rows after them.
 *
 * @param shards the number of shards of all tasks
 */
record OffsetsSql(OrderSchema schema, int shards) {

  /** A row for each shard; made of the first four parameters of a statement. */
  static final String TABLE =
      """
      unnest(?::integer[], ?::text[], ?::text[], ?::text[]::pg_snapshot[])
             AS p (orderflow_shard, orderflow_xid, orderflow_id, orderflow_emitted)""";

  /**
   * Whether a row belongs to p's shard and is after its offset, unless log capture has emitted it.
   *
   * @param xid of the row, quoted
   * @param id name of the order ID's column
   */
  String after(String xid, String id) {
    return """
        %1$s = p.orderflow_shard
          AND (%2$s, %3$s) > (p.orderflow_xid::xid8, %4$s)
          AND (p.orderflow_emitted IS NULL OR NOT pg_visible_in_snapshot(%2$s, p.orderflow_emitted))"""
        .formatted(
            ShardSql.shard(schema.idType(), id, shards),
            xid,
            ShardSql.ordered(schema.idType(), id),
            ShardSql.comparable(schema.idType(), "p.orderflow_id"));
  }

  static void bind(
      Connection connection, PreparedStatement statement, Map<Integer, ShardOffset> offsets)
      throws SQLException {
    int count = offsets.size();
    Integer[] shards = new Integer[count];
    String[] xids = new String[count];
    String[] ids = new String[count];
    @Nullable String[] emitted = new @Nullable String[count];
    int i = 0;
    for (Map.Entry<Integer, ShardOffset> entry : offsets.entrySet()) {
      shards[i] = entry.getKey();
      xids[i] = Long.toString(entry.getValue().xid());
      ids[i] = entry.getValue().orderId();
      emitted[i] = entry.getValue().emittedSnapshot();
      i++;
    }
    statement.setArray(1, connection.createArrayOf("int4", shards));
    statement.setArray(2, connection.createArrayOf("text", xids));
    statement.setArray(3, connection.createArrayOf("text", ids));
    statement.setArray(4, connection.createArrayOf("text", emitted));
  }
}
