package io.orderflow.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.StringJoiner;

/** Statements of set-up and checking. */
public final class Sql {

  private Sql() {}

  public static void execute(Connection connection, String... statements) throws SQLException {
    for (String sql : List.of(statements)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }
  }

  /** The first row, its columns as text with a comma and a space between them. */
  public static String row(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      StringJoiner columns = new StringJoiner(", ");
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        columns.add(rows.getString(i));
      }
      return columns.toString();
    }
  }

  /** The first column of the first row. */
  public static long number(Connection connection, String sql) throws SQLException {
    return Long.parseLong(row(connection, sql));
  }
}
