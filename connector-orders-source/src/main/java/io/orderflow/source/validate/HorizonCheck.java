package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.DatabaseSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Finds the transaction that a running query capture waits for: the oldest of the server that has
 * written something. Before a capture runs, such a transaction prevents nothing.
 */
final class HorizonCheck {

  /** When a transaction of another role began is hidden without pg_read_all_stats. */
  private static final String OLDEST =
      """
      SELECT a.pid, a.datname, a.usename, round(extract(epoch FROM clock_timestamp() - a.xact_start))
        FROM pg_current_snapshot() AS s
        JOIN pg_stat_activity a ON a.backend_xid = pg_snapshot_xmin(s)::xid
       WHERE pg_snapshot_xmin(s) < pg_snapshot_xmax(s)
         AND a.xact_start < clock_timestamp() - ? * interval '1 ms'
         AND EXISTS (
               SELECT FROM pg_stat_activity c
                WHERE c.usename = session_user AND c.datname = current_database()
                  AND c.application_name LIKE 'orderflow-orders-source %')""";

  private HorizonCheck() {}

  static Optional<Finding> finding(Connection connection, DatabaseSettings settings)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(OLDEST)) {
      statement.setLong(1, settings.statementTimeout().toMillis());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(finding(row)) : Optional.empty();
      }
    }
  }

  private static Finding finding(ResultSet row) throws SQLException {
    return new Finding(
        DatabaseSettings.URL,
        "capture waits for a transaction that has been open for %s s: session %d of role %s in database %s. Orders that were committed since then are emitted once it ends. If it never will, run: SELECT pg_terminate_backend(%d);"
            .formatted(
                row.getString(4),
                row.getInt(1),
                row.getString(3),
                row.getString(2),
                row.getInt(1)));
  }
}
