package io.orderflow.source.query;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.database.TableName;
import io.orderflow.source.read.OrderSql;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.OrderSchema;
import java.util.stream.Collectors;

/**
 * The walk along the index of one shard, from its position on: the columns of the orders table, and
 * where orders are filtered or deletes are told, what to make of each row.
 */
record OrdersSql(CapturedTables tables, OrderSchema layout, int shards, int perShard) {

  /** In the walk: 0 tells the order, 1 passes it over, 2 tells that it was deleted. */
  static final String WHAT = "\"orderflow what\"";

  /** In the walk: the version of a deleted order; null where the transaction ID is the version. */
  static final String VERSION = "\"orderflow version\"";

  /** In the walk: how many rows of the shard it has walked, told or not. */
  static final String WALKED = "\"orderflow walked\"";

  /** Whether rows say what to make of them. */
  static boolean marks(CapturedTables tables) {
    return tables.where() != null || tables.deletes() != null;
  }

  /**
   * What stands in LATERAL, after {@link OffsetsSql#TABLE}; names that no condition of a person
   * could mean by chance.
   */
  String walk() {
    String walk = orders();
    TableName deletes = tables.deletes();
    if (deletes != null) {
      walk = merged(walk, deletes);
    }
    return marks(tables) ? marked(walk) : walk;
  }

  private String orders() {
    String columns = OrderSql.columns(layout, layout.orders(), "");
    if (marks(tables)) {
      String where = tables.where();
      columns +=
          ", %s AS %s, NULL::bigint AS %s"
              .formatted(
                  where == null ? "0" : "CASE WHEN (" + where + ") THEN 0 ELSE 1 END",
                  WHAT,
                  VERSION);
    }
    return page(columns, tables.orders(), quote(layout.changeXid()), layout.ordersId());
  }

  /** Each side has a limit of its own, so that neither is read to its end for a sort. */
  private String merged(String orders, TableName deletes) {
    String columns =
        layout.orders().columns().stream().map(this::ofDeleted).collect(Collectors.joining(", "));
    String version = layout.version() == null ? "NULL::bigint" : DeletesTable.VERSION + "::bigint";
    return """
        SELECT * FROM (
          (%s)
          UNION ALL
          (%s)
        ) AS merged
        ORDER BY %s, %s
        LIMIT %d"""
        .formatted(
            orders,
            page(
                columns + ", 2, " + version,
                deletes,
                DeletesTable.CHANGE_XID,
                DeletesTable.ORDER_ID),
            quote(layout.changeXid()),
            ShardSql.ordered(layout.idType(), layout.ordersId()),
            perShard);
  }

  private String ofDeleted(Column column) {
    if (column.name().equals(layout.changeXid())) {
      return DeletesTable.CHANGE_XID;
    }
    return column.name().equals(layout.ordersId()) ? DeletesTable.ORDER_ID : "NULL";
  }

  /** The limit is a literal: the planner knows then that few rows are wanted of each shard. */
  private String page(String columns, TableName table, String xid, String id) {
    return """
        SELECT %1$s FROM %2$s
        WHERE %3$s
          AND %4$s < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY %4$s, %5$s
        LIMIT %6$d"""
        .formatted(
            columns,
            table.quoted(),
            new OffsetsSql(layout, shards).after(xid, id),
            xid,
            ShardSql.ordered(layout.idType(), id),
            perShard);
  }

  /** The last row of a page comes in any case: the position moves on to it. */
  private String marked(String walk) {
    return """
        SELECT * FROM (
          SELECT walked.*, count(*) OVER () AS %1$s,
                 lead(%2$s) OVER (ORDER BY %3$s, %4$s) IS NULL AS "orderflow last"
          FROM (%5$s) AS walked
        ) AS marked
        WHERE %2$s <> 1 OR "orderflow last\""""
        .formatted(
            WALKED,
            WHAT,
            quote(layout.changeXid()),
            ShardSql.ordered(layout.idType(), layout.ordersId()),
            walk);
  }
}
