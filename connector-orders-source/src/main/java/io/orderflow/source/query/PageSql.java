package io.orderflow.source.query;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.database.TableName;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.read.OrderRowSql;
import io.orderflow.source.read.OrderSnapshotSql;
import io.orderflow.source.read.RowMark;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.sql.DeletesTable;
import io.orderflow.source.sql.ShardSql;
import java.util.stream.Collectors;

/**
 * The statement that selects a page of orders: for each shard, the next orders along its index.
 *
 * @param shards the number of shards of all tasks
 * @param perShard the maximum number of orders of one shard
 */
record PageSql(
    CapturedTables tables, OrderSchema schema, ServerInfo server, int shards, int perShard) {

  /** In the walk: the transaction that last changed the order. */
  private static final String XID = "\"orderflow xid\"";

  /** In the walk: the version of a deleted order; null if the transaction ID is the version. */
  private static final String VERSION = "\"orderflow version\"";

  /** In the walk: how many rows of the shard it has passed, emitted or not. */
  private static final String WALKED = "\"orderflow walked\"";

  /** Whether rows have marks, since some do not stand for an order to emit. */
  boolean hasMarks() {
    return rows().haveMarks() || tables.deletes() != null;
  }

  private OrderRowSql rows() {
    return new OrderRowSql(tables, schema);
  }

  /** The number of columns before the table's. */
  int headerColumns() {
    return hasMarks() ? 6 : 3;
  }

  /**
   * The statement. Columns: shard, transaction ID, commit time in milliseconds; if rows have marks,
   * the mark, the version of a deleted order, and the number of rows passed; then the table's.
   */
  String sql() {
    String marks =
        hasMarks() ? ", o.%s, o.%s, o.%s".formatted(OrderRowSql.MARK, VERSION, WALKED) : "";
    return """
    SELECT p.orderflow_shard, o.%s::text, %s%s, %s
    FROM %s
    CROSS JOIN LATERAL (
    %s
    ) AS o
    """
        .formatted(
            XID,
            commitTime(),
            marks,
            OrderSnapshotSql.columns(schema, schema.orders(), "o."),
            new OffsetsSql(schema, shards).table(),
            walk());
  }

  private String commitTime() {
    if (!server.keepsCommitTimes()) {
      return "NULL::bigint";
    }
    return """
    CASE WHEN o.%1$s >= '%2$d'
      THEN (extract(epoch FROM pg_xact_commit_timestamp(o.%1$s::xid)) * 1000)::bigint END\
    """
        .formatted(XID, server.oldestXidWithCommitTime());
  }

  /** Reads along the index of one shard, from its offset on. */
  private String walk() {
    String walk = orders();
    TableName deletes = tables.deletes();
    if (deletes != null) {
      walk = merged(walk, deletes);
    }
    return hasMarks() ? withMarks(walk) : walk;
  }

  private String orders() {
    return rows().isView() ? viewOfOrders() : tableOfOrders();
  }

  private String tableOfOrders() {
    String columns = OrderSnapshotSql.columns(schema, schema.orders(), "");
    if (hasMarks()) {
      columns +=
          ", %s AS %s, NULL::bigint AS %s".formatted(rows().mark(), OrderRowSql.MARK, VERSION);
    }
    return page(columns, tables.orders(), quote(schema.changeXid()), schema.ids());
  }

  /** The limit of the keys is reached before any row of the view is read. */
  private String viewOfOrders() {
    OrderRowSql rows = rows();
    return "SELECT %s, %s, NULL::bigint AS %s, %s %s"
        .formatted(
            rows.columns(),
            rows.markOrHidden(),
            VERSION,
            rows.ofKey(XID),
            rows.from(
                page(rows.keyColumns(), tables.orders(), quote(schema.changeXid()), schema.ids())));
  }

  /** Both sides have their own limit, so that neither is read completely for the sort. */
  private String merged(String orders, TableName deletes) {
    String columns =
        schema.orders().columns().stream().map(this::ofDeleted).collect(Collectors.joining(", "));
    String version = schema.version() == null ? "NULL::bigint" : DeletesTable.VERSION + "::bigint";
    return """
    SELECT * FROM (
      (%s)
      UNION ALL
      (%s)
    ) AS merged
    ORDER BY %s, %s
    LIMIT %d\
    """
        .formatted(
            orders,
            page(
                "%s, %d, %s".formatted(columns, RowMark.DELETED.code(), version),
                deletes,
                DeletesTable.CHANGE_XID,
                DeletesTable.ids(schema.ids())),
            XID,
            ShardSql.ordered(schema.ids()),
            perShard);
  }

  private String ofDeleted(Column column) {
    if (column.name().equals(schema.changeXid())) {
      return DeletesTable.CHANGE_XID;
    }
    int part = schema.ids().names().indexOf(column.name());
    return part < 0 ? "NULL" : DeletesTable.ids(schema.ids()).names().get(part);
  }

  /**
   * The next rows of a table that has the order ID, with {@link #XID} as their last column. The
   * limit is a literal, so that the planner knows how few rows of each shard are read.
   */
  private String page(String columns, TableName table, String xid, OrderIdColumns ids) {
    return """
    SELECT %1$s, %4$s AS %7$s FROM %2$s
    WHERE %3$s
      AND %4$s < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY %4$s, %5$s
    LIMIT %6$d\
    """
        .formatted(
            columns,
            table.quoted(),
            new OffsetsSql(schema, shards).after(xid, ids),
            xid,
            ShardSql.ordered(ids),
            perShard,
            XID);
  }

  /** The last row of a page is returned even if it is filtered: the offset moves to it. */
  private String withMarks(String walk) {
    return """
    SELECT * FROM (
      SELECT walked.*, count(*) OVER () AS %1$s,
             lead(%2$s) OVER (ORDER BY %3$s, %4$s) IS NULL AS "orderflow last"
      FROM (%5$s) AS walked
    ) AS marked
    WHERE %2$s <> %6$d OR "orderflow last\"\
    """
        .formatted(
            WALKED,
            OrderRowSql.MARK,
            XID,
            ShardSql.ordered(schema.ids()),
            walk,
            RowMark.FILTERED.code());
  }
}
