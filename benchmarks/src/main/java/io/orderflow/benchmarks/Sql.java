package io.orderflow.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

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

  /** A row's columns as text; null is empty. */
  public record Row(List<String> columns) {

    /**
     * A column.
     *
     * @param index from 0
     */
    public String text(int index) {
      return columns.get(index);
    }

    /** A column of a whole number; null is 0. */
    public long whole(int index) {
      return text(index).isEmpty() ? 0 : Long.parseLong(text(index));
    }
  }

  /** The first of at least one row. */
  public static Row first(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      List<String> columns = new ArrayList<>();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        columns.add(Objects.requireNonNullElse(rows.getString(i), ""));
      }
      return new Row(List.copyOf(columns));
    }
  }
}
