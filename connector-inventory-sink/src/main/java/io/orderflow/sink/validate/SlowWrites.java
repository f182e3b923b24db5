package io.orderflow.sink.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.DatabaseSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds statements of the sink that will probably exceed their time-out, although no other session
 * holds a lock. They are retried for as long as a trigger does not end.
 */
final class SlowWrites {

  /** The role sees what its own sessions run. A statement of many records takes seconds at most. */
  private static final String SQL =
      """
      SELECT pid, round(extract(epoch FROM clock_timestamp() - query_start)::numeric, 1),
             concat_ws(' ', wait_event_type, wait_event)
        FROM pg_catalog.pg_stat_activity
       WHERE usename = session_user AND datname = current_database()
         AND backend_type = 'client backend' AND state = 'active'
         AND query ~ '^\\s*(COPY|INSERT|UPDATE|COMMIT)'
         AND query_start < clock_timestamp() - ? * interval '1 ms'
       ORDER BY pid""";

  private SlowWrites() {}

  /** A finding for each session that has used half of its time. */
  static List<Finding> findings(Connection connection, DatabaseSettings settings)
      throws SQLException {
    List<Finding> findings = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setLong(1, settings.statementTimeout().toMillis() / 2);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          findings.add(
              new Finding(DatabaseSettings.STATEMENT_TIMEOUT, message(rows, settings.user())));
        }
      }
    }
    return findings;
  }

  private static String message(ResultSet row, String user) throws SQLException {
    String event = row.getString(3);
    return "session %d of role %s has written for %s s%s. Look for a trigger that takes this long, and make it faster or raise the time-out; until then, the statement is canceled and repeated"
        .formatted(
            row.getInt(1),
            user,
            row.getString(2),
            event.isEmpty() ? "" : " (wait event " + event + ")");
  }
}
