package io.orderflow.source.catalog;

import io.orderflow.common.database.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** How many rows a table has, by its statistics: an answer that costs nothing. */
public final class RowEstimate {

  private RowEstimate() {}

  /** Roughly how many; -1 where the table was never vacuumed or analyzed. */
  public static long of(Connection connection, TableName table) throws SQLException {
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
