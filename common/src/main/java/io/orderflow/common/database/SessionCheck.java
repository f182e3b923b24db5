package io.orderflow.common.database;

import io.orderflow.common.failure.SqlFailures;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;

/**
 * Checks that a session has the options with which it was to start. Some poolers drop them
 * silently; capture could then read a torn order, and a statement could wait without limit.
 */
final class SessionCheck {

  /** A pooler that knows an option sets it within the session. */
  private static final String MISSING =
      """
      SELECT string_agg(name, ', ' ORDER BY name)
        FROM unnest(ARRAY[%s]) AS wanted (name)
       WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_settings AS found
                          WHERE found.name = wanted.name AND found.source IN ('client', 'session'))
      """;

  private SessionCheck() {}

  /**
   * Requires that the session has options, whatever their values: the user's win.
   *
   * @throws SQLException of state {@link SqlFailures#START_REFUSED} if one is missing
   */
  static void requireOptions(Connection connection, SessionOptions options) throws SQLException {
    String names =
        options.values().keySet().stream()
            .map(Identifiers::literal)
            .collect(Collectors.joining(", "));
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(MISSING.formatted(names))) {
      row.next();
      String missing = row.getString(1);
      if (missing != null) {
        throw new SQLException(
            "the session started without the connector's options (" + missing + ")",
            SqlFailures.START_REFUSED);
      }
    }
  }
}
