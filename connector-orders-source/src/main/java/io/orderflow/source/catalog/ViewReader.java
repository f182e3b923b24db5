package io.orderflow.source.catalog;

import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.TableSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the views that are read instead of tables, and checks that their rows can be found by the
 * order ID.
 */
record ViewReader(Connection connection, CapturedTables tables) {

  private static final String RELATION =
      """
      SELECT c.oid::bigint, c.relkind::text
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ?
      """;

  private static final String OTHER_COLLATIONS =
      """
      SELECT v.attname FROM pg_catalog.pg_attribute v
      JOIN pg_catalog.pg_attribute t ON t.attname = v.attname
      WHERE v.attrelid = ?::regclass AND t.attrelid = ?::regclass
        AND v.attname = ANY (?) AND v.attcollation <> t.attcollation
      ORDER BY v.attnum LIMIT 1
      """;

  /**
   * The OID of a view.
   *
   * @return null if none is configured
   * @throws UnusableTablesException if it is no view
   */
  @Nullable Long find(String key, @Nullable TableName view) throws SQLException {
    if (view == null) {
      return null;
    }
    try (PreparedStatement statement = connection.prepareStatement(RELATION)) {
      statement.setString(1, view.schema());
      statement.setString(2, view.table());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new UnusableTablesException(
              key, "this database has no view %s".formatted(view.quoted()));
        }
        requireView(key, view, row.getString(2));
        return row.getLong(1);
      }
    }
  }

  private static void requireView(String key, TableName view, String kind) {
    if (kind.equals("m")) {
      throw new UnusableTablesException(
          key,
          "%s is a materialized view, which shows the tables as of its last REFRESH, so that events would lack changes; create a view with the same query"
              .formatted(view));
    }
    if (!kind.equals("v")) {
      throw new UnusableTablesException(
          key, "%s is no view; name a view, or remove %s to read the table".formatted(view, key));
    }
  }

  /**
   * The columns of the orders' view. Those of the ID and of the version are never null, as in the
   * table, from which they are read if the view has no row.
   *
   * @param table the columns of the orders table
   * @param view the columns of the view
   */
  TableSchema ofOrders(TableSchema table, TableSchema view, OrderIdColumns ids)
      throws SQLException {
    Names names =
        new Names(TableSettings.ORDERS_VIEW, tables.ordersRead(), tables.orders(), table, view);
    Set<String> same = new TreeSet<>(ids.names());
    String version = tables.version();
    if (version != null) {
      same.add(version);
    }
    return names.withSame(same, connection);
  }

  /**
   * The columns of the items' view.
   *
   * @param table the columns of the items table
   * @param view the columns of the view
   * @param itemOrder the columns that sort the items of one order
   */
  TableSchema ofItems(TableSchema table, TableSchema view, List<String> itemOrder)
      throws SQLException {
    TableName name = tables.itemsRead();
    TableName items = tables.items();
    if (name == null || items == null) {
      return view;
    }
    for (String column : itemOrder) {
      if (view.indexOf(column).isEmpty()) {
        throw new UnusableTablesException(
            TableSettings.ITEMS_VIEW,
            "the view %s has no column %s, which sorts the items of an order; add it to the view, or name another column of the view in %s"
                .formatted(name, column, TableSettings.ITEMS_ORDER_BY));
      }
    }
    return new Names(TableSettings.ITEMS_VIEW, name, items, table, view)
        .withSame(new TreeSet<>(tables.itemsOrderId()), connection);
  }

  /** A view and the table in which its changes are detected. */
  private record Names(
      String key, TableName view, TableName table, TableSchema ofTable, TableSchema ofView) {

    /** The view's columns, some of which must be as the table has them. */
    TableSchema withSame(Set<String> names, Connection connection) throws SQLException {
      List<Column> columns = new ArrayList<>(ofView.columns());
      for (String name : names) {
        Column expected = ofTable.columns().get(ofTable.indexOf(name).orElseThrow());
        OptionalInt index = ofView.indexOf(name);
        if (index.isEmpty()) {
          throw new UnusableTablesException(
              key,
              "the view %s has no column %s; give it the column as %s has it. Its columns are %s"
                  .formatted(
                      view, name, table, ofView.columns().stream().map(Column::name).toList()));
        }
        Column found = columns.get(index.getAsInt());
        if (!found.typeName().equals(expected.typeName())) {
          throw new UnusableTablesException(
              key,
              "the column %s of the view %s has the type %s, but that of %s has %s, so that no index would find its rows; give the view the column as the table has it"
                  .formatted(name, view, found.typeName(), table, expected.typeName()));
        }
        columns.set(
            index.getAsInt(),
            new Column(name, found.type(), found.typeName(), expected.nullable()));
      }
      requireSameCollations(names, connection);
      return new TableSchema(columns, ofView.schemaVersion());
    }

    private void requireSameCollations(Set<String> names, Connection connection)
        throws SQLException {
      try (PreparedStatement statement = connection.prepareStatement(OTHER_COLLATIONS)) {
        statement.setString(1, view.quoted());
        statement.setString(2, table.quoted());
        statement.setArray(3, connection.createArrayOf("text", names.toArray()));
        try (ResultSet row = statement.executeQuery()) {
          if (row.next()) {
            throw new UnusableTablesException(
                key,
                "the column %s of the view %s has another collation than that of %s, so that no index would find its rows; give the view the column as the table has it"
                    .formatted(row.getString(1), view, table));
          }
        }
      }
    }
  }
}
