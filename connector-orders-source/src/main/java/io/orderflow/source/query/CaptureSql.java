package io.orderflow.source.query;

import io.orderflow.common.database.Identifiers;
import io.orderflow.source.catalogue.ShopServer;
import io.orderflow.source.event.Layout;
import io.orderflow.source.event.ShopTables;
import io.orderflow.source.whole.OrderSql;
import org.jspecify.annotations.Nullable;

/**
 * The statements of the capture, for one layout and server.
 *
 * @param orders next orders of the task's shards; columns: shard, transaction ID, commit time in
 *     milliseconds, then the table's
 * @param items items of some orders, together for each order and in its items' order; null where
 *     orders have no items table
 */
record CaptureSql(String orders, @Nullable String items) {

  /**
   * All statements.
   *
   * @param perShard how many orders of a shard are read at most
   */
  static CaptureSql of(
      ShopTables tables, Layout layout, ShopServer server, int shards, int perShard) {
    return new CaptureSql(
        orders(tables, layout, server, shards, perShard),
        new OrderSql(tables, layout).itemsOf("*"));
  }

  private static String orders(
      ShopTables tables, Layout layout, ShopServer server, int shards, int perShard) {
    String xid = Identifiers.quote(layout.changeXid());
    String id = ShardSql.ordered(layout.idType(), layout.ordersId());
    // The limit is a literal: the planner knows then that few rows are wanted of each shard.
    return """
        SELECT p.shard, o.%1$s::text, %2$s, o.*
        FROM unnest(?::integer[], ?::text[], ?::text[]) AS p (shard, xid, order_id)
        CROSS JOIN LATERAL (
          SELECT * FROM %3$s
          WHERE %4$s = p.shard
            AND (%1$s, %5$s) > (p.xid::xid8, %6$s)
            AND %1$s < pg_snapshot_xmin(pg_current_snapshot())
          ORDER BY %1$s, %5$s
          LIMIT %7$d
        ) AS o
        """
        .formatted(
            xid,
            commitTime(xid, server),
            tables.orders().quoted(),
            ShardSql.shard(layout.idType(), layout.ordersId(), shards),
            id,
            ShardSql.comparable(layout.idType(), "p.order_id"),
            perShard);
  }

  private static String commitTime(String xid, ShopServer server) {
    if (!server.keepsCommitTimes()) {
      return "NULL::bigint";
    }
    return """
        CASE WHEN o.%1$s >= '%2$d'
          THEN (extract(epoch FROM pg_xact_commit_timestamp(o.%1$s::xid)) * 1000)::bigint END"""
        .formatted(xid, server.oldestWithCommitTime());
  }
}
