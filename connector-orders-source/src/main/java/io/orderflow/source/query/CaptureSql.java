package io.orderflow.source.query;

import io.orderflow.common.database.Identifiers;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.read.OrderSql;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import org.jspecify.annotations.Nullable;

/**
 * The statements of the capture, for one layout and server.
 *
 * @param orders next orders of the task's shards; columns: shard, transaction ID, commit time in
 *     milliseconds, where rows are marked what to make of them, a deleted one's version and how
 *     many were walked, then the table's
 * @param marks whether rows are marked
 * @param items items of some orders, together for each order and in its items' order; null where
 *     orders have no items table
 */
record CaptureSql(String orders, boolean marks, @Nullable String items) {

  private static final int COLUMNS_BEFORE = 3;
  private static final int COLUMNS_OF_MARKS = 3;

  /** How many columns stand before the table's. */
  int columnsBefore() {
    return marks ? COLUMNS_BEFORE + COLUMNS_OF_MARKS : COLUMNS_BEFORE;
  }

  /**
   * All statements.
   *
   * @param perShard how many orders of a shard are read at most
   */
  static CaptureSql of(
      CapturedTables tables, OrderSchema layout, ServerInfo server, int shards, int perShard) {
    TableSchema items = layout.items();
    return new CaptureSql(
        orders(tables, layout, server, new OrdersSql(tables, layout, shards, perShard).walk()),
        OrdersSql.marks(tables),
        items == null
            ? null
            : new OrderSql(tables, layout).itemsOf(OrderSql.columns(layout, items, "")));
  }

  private static String orders(
      CapturedTables tables, OrderSchema layout, ServerInfo server, String walk) {
    String xid = Identifiers.quote(layout.changeXid());
    String marks =
        OrdersSql.marks(tables)
            ? ", o.%s, o.%s, o.%s".formatted(OrdersSql.WHAT, OrdersSql.VERSION, OrdersSql.WALKED)
            : "";
    return """
        SELECT p.orderflow_shard, o.%s::text, %s%s, %s
        FROM %s
        CROSS JOIN LATERAL (
        %s
        ) AS o
        """
        .formatted(
            xid,
            commitTime(xid, server),
            marks,
            OrderSql.columns(layout, layout.orders(), "o."),
            OffsetsSql.TABLE,
            walk);
  }

  private static String commitTime(String xid, ServerInfo server) {
    if (!server.keepsCommitTimes()) {
      return "NULL::bigint";
    }
    return """
        CASE WHEN o.%1$s >= '%2$d'
          THEN (extract(epoch FROM pg_xact_commit_timestamp(o.%1$s::xid)) * 1000)::bigint END"""
        .formatted(xid, server.oldestWithCommitTime());
  }
}
