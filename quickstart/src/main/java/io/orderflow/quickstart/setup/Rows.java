package io.orderflow.quickstart.setup;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;

/** Reads the rows of a query one by one. */
public final class Rows {

  private Rows() {}

  /** Takes one row; the cursor is on it. */
  @FunctionalInterface
  public interface Reader {
    void read(ResultSet row) throws SQLException;
  }

  /** Hands over each row of a query without parameters. */
  public static void each(Connection connection, String sql, Reader reader) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      read(statement, reader);
    }
  }

  /**
   * Hands over each row of a query with one parameter, an array of IDs. Without IDs it does
   * nothing.
   */
  public static void each(Connection connection, String sql, Collection<Long> ids, Reader reader)
      throws SQLException {
    if (ids.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
      read(statement, reader);
    }
  }

  private static void read(PreparedStatement statement, Reader reader) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        reader.read(rows);
      }
    }
  }
}
