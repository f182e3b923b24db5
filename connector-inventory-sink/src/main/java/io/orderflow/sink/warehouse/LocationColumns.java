package io.orderflow.sink.warehouse;

import io.orderflow.common.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/** The columns of locations, which tables of the warehouse's own may lack. */
public final class LocationColumns {

  private LocationColumns() {}

  /** Whether a column holds locations. */
  public static boolean contain(String column) {
    return column.equals("location") || column.equals("locations");
  }

  /** The SQL that adds the missing ones to existing tables; views read all of them. */
  public static String add(Connection connection, WarehouseTables tables) throws SQLException {
    return add(connection, tables.stock(), "location text COLLATE \"C\" NOT NULL DEFAULT ''")
        + add(connection, tables.orders(), "locations text[]");
  }

  private static String add(Connection connection, TableName table, String definition)
      throws SQLException {
    Map<String, String> columns = Catalog.readColumns(connection, table);
    return columns.isEmpty() || columns.keySet().stream().anyMatch(LocationColumns::contain)
        ? ""
        : "ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s; ".formatted(table.quoted(), definition);
  }
}
