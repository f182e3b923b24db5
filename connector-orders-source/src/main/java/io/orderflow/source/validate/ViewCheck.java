package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.event.CompositeId;
import io.orderflow.source.read.OrderSnapshotReader;
import io.orderflow.source.read.OrderSnapshotSql;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.validate.LookUpPlan.WholeTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the views give the rows of one order without reading a large table: the planner says
 * how it would look up an order.
 */
record ViewCheck(CapturedTables tables, OrderSchema schema) {

  private static final String ROWS =
      """
      SELECT CASE WHEN c.reltuples < 0 THEN pg_relation_size(c.oid) / 100 ELSE c.reltuples::bigint END
      FROM pg_catalog.pg_class c WHERE c.oid = to_regclass(?)
      """;

  /** Reading so many rows takes as long as a dozen look-ups along an index. */
  private static final long MANY_ROWS = 1_000;

  List<Finding> findings(Connection connection) throws SQLException {
    OrderSnapshotSql sql = new OrderSnapshotSql(tables, schema);
    List<Finding> findings = new ArrayList<>();
    check(
        connection,
        TableSettings.ORDERS_VIEW,
        tables.reading().ordersView(),
        sql.ordersById(),
        findings);
    TableName itemsView = tables.reading().itemsView();
    if (itemsView != null) {
      String items = Objects.requireNonNull(sql.itemsById());
      check(connection, TableSettings.ITEMS_VIEW, itemsView, items, findings);
    }
    return findings;
  }

  private void check(
      Connection connection,
      String key,
      @Nullable TableName view,
      String lookUp,
      List<Finding> findings)
      throws SQLException {
    if (view == null) {
      return;
    }
    Savepoint before = connection.setSavepoint();
    try {
      for (WholeTable whole : new LookUpPlan(explain(connection, lookUp)).wholeTables()) {
        long rows = rows(connection, whole.table());
        if (rows >= MANY_ROWS) {
          findings.add(slow(key, view, whole, rows));
        }
      }
    } catch (SQLException e) {
      connection.rollback(before);
      findings.add(failed(key, view, e));
    }
  }

  private List<String> explain(Connection connection, String lookUp) throws SQLException {
    Object id = anyId();
    List<String> lines = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement("EXPLAIN (VERBOSE) " + lookUp)) {
      OrderSnapshotReader.bindIds(connection, statement, schema.ids(), List.of(id));
      try (ResultSet line = statement.executeQuery()) {
        while (line.next()) {
          lines.add(line.getString(1));
        }
      }
    }
    return lines;
  }

  /** An ID of the columns' types; whether an order has it does not matter to the plan. */
  private Object anyId() {
    List<Object> parts = new ArrayList<>();
    for (OrderIdType type : schema.ids().types()) {
      parts.add(
          switch (type) {
            case BIGINT, INTEGER -> 1L;
            case UUID -> "00000000-0000-0000-0000-000000000001";
            case TEXT -> "1";
          });
    }
    return schema.ids().isComposite() ? new CompositeId(parts) : parts.get(0);
  }

  private static long rows(Connection connection, String table) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
      statement.setString(1, table);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  private static Finding slow(String key, TableName view, WholeTable whole, long rows) {
    return new Finding(
        key,
        "a look-up of one order in the view %s reads all of about %d rows of %s (%s)%s"
            .formatted(
                view,
                rows,
                whole.table(),
                whole.node(),
                whole.column() == null
                    ? "; write the view so that the order ID reaches an index: join by columns as"
                        + " they are, without casts and expressions"
                    : ", since it has no index for this condition:\nCREATE INDEX CONCURRENTLY ON %s (%s);"
                        .formatted(whole.table(), whole.column())));
  }

  private static Finding failed(String key, TableName view, SQLException failure) {
    return new Finding(
        key,
        SqlFailures.isPrivilege(failure)
            ? "the view %s cannot be read: %s; GRANT SELECT on it to the role, and on what it reads to the view's owner (to the role, if it has security_invoker)"
                .formatted(view, failure.getMessage())
            : "the view %s cannot be read: %s".formatted(view, failure.getMessage()));
  }
}
