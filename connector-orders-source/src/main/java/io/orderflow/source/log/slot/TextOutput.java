package io.orderflow.source.log.slot;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Session settings that make the stream and queries write values as the same text. */
public final class TextOutput {

  private static final String SETTINGS =
      """
      SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres';
      SET extra_float_digits = 3; SET bytea_output = 'hex'
      """;

  private TextOutput() {}

  /** Applies the settings until the connection ends, or until the transaction is rolled back. */
  public static void set(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(SETTINGS);
    }
  }
}
