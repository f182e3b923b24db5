package io.orderflow.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Statements of set-up and checking. */
final class Sql {

  private Sql() {}

  static void execute(Connection connection, String... statements) throws SQLException {
    for (String sql : List.of(statements)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }
  }

  /** The first row's columns, as doubles; null is 0. */
  static double[] row(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      double[] values = new double[rows.getMetaData().getColumnCount()];
      for (int i = 0; i < values.length; i++) {
        values[i] = rows.getDouble(i + 1);
      }
      return values;
    }
  }
}
