package io.orderflow.sink.warehouse;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Columns that views read and that tables of the warehouse's own may lack. All of them must be
 * added before the views are created.
 */
public final class ViewedColumns {

  /** It is stable, so that adding the column rewrites no row. */
  public static final String REVISION_DEFAULT = "(date_part('epoch', now()) * 1000)::bigint";

  private static final String OF_STOCK = "location text COLLATE \"C\" NOT NULL DEFAULT ''";
  private static final List<String> OF_ORDERS =
      List.of(
          "locations text[]",
          "expires_at timestamptz",
          "revision bigint NOT NULL DEFAULT " + REVISION_DEFAULT);

  private ViewedColumns() {}

  /** Whether a column of stock or of the orders is one of them. */
  public static boolean contain(String column) {
    return Set.of("location", "locations", "expires_at", "revision").contains(column);
  }

  /**
   * The SQL that adds the missing ones to existing tables; empty if there are none. Several
   * findings may have it, so that it can be run again.
   */
  public static String add(Connection connection, WarehouseTables tables) throws SQLException {
    StringBuilder sql = new StringBuilder(add(connection, tables.stock(), OF_STOCK));
    for (String definition : OF_ORDERS) {
      sql.append(add(connection, tables.orders(), definition));
    }
    return sql.toString();
  }

  private static String add(Connection connection, TableName table, String definition)
      throws SQLException {
    Map<String, String> columns = Catalog.readColumns(connection, table);
    String name = definition.substring(0, definition.indexOf(' '));
    return columns.isEmpty() || columns.containsKey(name)
        ? ""
        : "ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s; ".formatted(table.quoted(), definition);
  }

  /**
   * The SQL that creates missing tables and views beside those that exist. Views of other columns
   * are created again, which PostgreSQL does not allow without dropping them.
   *
   * @param scale decimals of a quantity, unless the view of the scale exists
   */
  public static String installScript(
      Connection connection, WarehouseTables tables, OrderIdType orderIds, int scale)
      throws SQLException {
    String added = add(connection, tables);
    String script = tables.installScript(orderIds, scale);
    return added.isEmpty() ? script : tables.dropViews() + added + script;
  }
}
