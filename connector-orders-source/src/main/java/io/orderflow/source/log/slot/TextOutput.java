package io.orderflow.source.log.slot;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** How values are written as text, so that the stream and the queries beside it write the same. */
public final class TextOutput {

  private static final String SETTINGS =
      """
      SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres';
      SET extra_float_digits = 3; SET bytea_output = 'hex'
      """;

  private TextOutput() {}

  /** Sets it until the connection ends; within a transaction that is rolled back, until then. */
  public static void set(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(SETTINGS);
    }
  }
}
