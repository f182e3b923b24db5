package io.orderflow.source.catalog;

import io.orderflow.common.database.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Estimates the number of rows of a table by its statistics, without reading it. */
public final class RowEstimate {

  private RowEstimate() {}

  /** The estimate; -1 if the table has never been vacuumed or analyzed. */
  public static long readRowEstimate(Connection connection, TableName table) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT reltuples::bigint FROM pg_catalog.pg_class WHERE oid = ?::regclass")) {
      statement.setString(1, table.quoted());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : -1;
      }
    }
  }
}
