package io.orderflow.source.catalog;

import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.TableSchema;
import io.orderflow.source.schema.UnusableTablesException;
import io.orderflow.source.schema.WatchedTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Checks that the watched tables, and those of their paths, have the columns that lead to orders.
 */
record WatchedTablesCheck(
    CapturedTables tables, OrderIdColumns ids, OrderIdCheck orderIds, Tables catalog) {

  /** Reads the columns of tables. */
  interface Tables {

    /**
     * Reads the columns of one table.
     *
     * @throws UnusableTablesException if it does not exist, or others inherit from it
     */
    TableSchema read(TableName table) throws SQLException;
  }

  void check(Connection connection) throws SQLException {
    for (WatchedTable watched : tables.watched()) {
      check(connection, watched);
    }
  }

  private void check(Connection connection, WatchedTable watched) throws SQLException {
    TableName table = watched.table();
    TableSchema schema = catalog.read(table);
    List<String> columns = watched.columns();
    requireColumns(table, schema, columns);
    for (WatchedTable.Step step : watched.path()) {
      TableSchema next = catalog.read(step.table());
      requireColumns(step.table(), next, step.key());
      requireColumns(step.table(), next, step.columns());
      for (int i = 0; i < columns.size(); i++) {
        requireComparable(
            table, column(schema, columns.get(i)), step.table(), column(next, step.key().get(i)));
      }
      table = step.table();
      schema = next;
      columns = step.columns();
      if (table.equals(tables.orders()) && !columns.equals(ids.names())) {
        throw refused(
            "the path %s leads through the orders table, whose order ID is %s; end it with %s:%s"
                .formatted(watched, ids.names(), table, String.join(",", ids.names())));
      }
    }
    if (columns.size() != ids.count()) {
      throw refused(
          "%d columns of %s are named, %s, but the order ID has the columns %s; name the column of %s for each of them, in the same order"
              .formatted(columns.size(), table, columns, ids.names(), table));
    }
    orderIds.check(connection, TableSettings.WATCH, table, schema, columns);
  }

  private static void requireColumns(TableName table, TableSchema schema, List<String> columns) {
    for (String column : columns) {
      if (schema.indexOf(column).isEmpty()) {
        throw refused(
            "%s has no column %s; its columns are %s"
                .formatted(table, column, schema.columns().stream().map(Column::name).toList()));
      }
    }
  }

  private static void requireComparable(
      TableName table, Column referring, TableName next, Column key) {
    if (!TypeFamily.of(referring.typeName()).equals(TypeFamily.of(key.typeName()))) {
      throw refused(
          "the column %s of %s has the type %s, and the column %s of %s, in which its values are looked up, has the type %s; name columns of the same type"
              .formatted(
                  referring.name(), table, referring.typeName(), key.name(), next, key.typeName()));
    }
  }

  private static Column column(TableSchema schema, String name) {
    return schema.columns().get(schema.indexOf(name).orElseThrow());
  }

  private static UnusableTablesException refused(String message) {
    return new UnusableTablesException(TableSettings.WATCH, message);
  }
}
