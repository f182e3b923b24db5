package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.sql.DeletesTable;
import io.orderflow.source.sql.InstallSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Checks that the table with the IDs of deleted orders exists, with its columns and its index. */
record DeletesCheck(CapturedTables tables, OrderSchema schema, int shards, InstallSql sql) {

  private static final String COLUMNS =
      """
      SELECT a.attname, format_type(a.atttypid, NULL)
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
      """;

  Optional<Finding> finding(Connection connection) throws SQLException {
    TableName deletes = tables.deletes();
    if (deletes == null) {
      return Optional.empty();
    }
    Map<String, String> expected = expected();
    Map<String, String> found = columns(connection, deletes);
    if (!found.entrySet().containsAll(expected.entrySet())) {
      return Optional.of(
          new Finding(
              TableSettings.DELETES,
              "the table %s %s:\n%s"
                  .formatted(
                      deletes,
                      found.isEmpty()
                          ? "does not exist"
                          : "must have the columns %s, but has %s".formatted(expected, found),
                      found.isEmpty() ? sql.deletesInstall() : sql.recreateDeletes())));
    }
    OrderIdColumns ids = DeletesTable.ids(schema.ids());
    boolean indexed =
        TableIndexes.read(connection, deletes).stream()
            .filter(TableIndexes.Index::valid)
            .flatMap(index -> index.shards(DeletesTable.CHANGE_XID, ids).stream())
            .anyMatch(indexShards -> indexShards == shards);
    return indexed
        ? Optional.empty()
        : Optional.of(
            new Finding(
                TableSettings.DELETES,
                "%s has no index for %d shards:\n%s"
                    .formatted(deletes, shards, sql.deletesInstall())));
  }

  private Map<String, String> expected() {
    Map<String, String> expected = new TreeMap<>();
    OrderIdColumns ids = DeletesTable.ids(schema.ids());
    for (int i = 0; i < ids.count(); i++) {
      expected.put(ids.names().get(i), ids.types().get(i).sqlName());
    }
    expected.put(DeletesTable.CHANGE_XID, "xid8");
    if (schema.version() != null) {
      expected.put(DeletesTable.VERSION, "bigint");
    }
    return expected;
  }

  private static Map<String, String> columns(Connection connection, TableName table)
      throws SQLException {
    Map<String, String> columns = new TreeMap<>();
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setString(1, table.schema());
      statement.setString(2, table.table());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          columns.put(row.getString(1), row.getString(2));
        }
      }
    }
    return columns;
  }
}
