package io.orderflow.source.query;

import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderIdText;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.sql.ShardSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The offsets of a task's shards as a table in a statement, and the rows after them.
 *
 * @param shards the number of shards of all tasks
 */
record OffsetsSql(OrderSchema schema, int shards) {

  /**
   * A row for each shard, as p; made of the first parameters of a statement, which {@link #bind}
   * sets.
   */
  String table() {
    return """
        unnest(?::integer[], ?::text[], %s, ?::text[]::pg_snapshot[])
               AS p (orderflow_shard, orderflow_xid, %s, orderflow_emitted)"""
        .formatted(
            String.join(", ", Collections.nCopies(schema.ids().count(), "?::text[]")),
            String.join(", ", idColumns()));
  }

  private List<String> idColumns() {
    return schema.ids().isComposite()
        ? IntStream.rangeClosed(1, schema.ids().count())
            .mapToObj(part -> "orderflow_id_" + part)
            .toList()
        : List.of("orderflow_id");
  }

  /**
   * Whether a row belongs to p's shard and is after its offset, unless log capture has emitted it.
   *
   * @param xid of the row, quoted
   * @param ids the order ID's columns of the row's table
   */
  String after(String xid, OrderIdColumns ids) {
    return """
        %1$s = p.orderflow_shard
          AND (%2$s, %3$s) > (p.orderflow_xid::xid8, %4$s)
          AND (p.orderflow_emitted IS NULL OR NOT pg_visible_in_snapshot(%2$s, p.orderflow_emitted))"""
        .formatted(
            ShardSql.shard(ids, shards),
            xid,
            ShardSql.ordered(ids),
            ShardSql.comparable(ids, idColumns().stream().map(column -> "p." + column).toList()));
  }

  static void bind(
      Connection connection,
      PreparedStatement statement,
      OrderIdColumns columns,
      Map<Integer, ShardOffset> offsets)
      throws SQLException {
    int count = offsets.size();
    Integer[] shards = new Integer[count];
    String[] xids = new String[count];
    String[][] ids = new String[columns.count()][count];
    @Nullable String[] emitted = new @Nullable String[count];
    int i = 0;
    for (Map.Entry<Integer, ShardOffset> entry : offsets.entrySet()) {
      shards[i] = entry.getKey();
      xids[i] = Long.toString(entry.getValue().xid());
      List<String> parts = OrderIdText.split(entry.getValue().orderId(), columns.count());
      for (int part = 0; part < ids.length; part++) {
        ids[part][i] = parts.get(part);
      }
      emitted[i] = entry.getValue().emittedSnapshot();
      i++;
    }
    int index = 1;
    statement.setArray(index++, connection.createArrayOf("int4", shards));
    statement.setArray(index++, connection.createArrayOf("text", xids));
    for (String[] part : ids) {
      statement.setArray(index++, connection.createArrayOf("text", part));
    }
    statement.setArray(index, connection.createArrayOf("text", emitted));
  }
}
