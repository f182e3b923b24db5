package io.orderflow.common.database;

import io.orderflow.common.config.Finding;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Finds the sessions that hold locks which the connector's role waits for. */
public final class LockWaits {

  /** Shorter waits are usual, unless statements may not even take that long. */
  private static final Duration USUAL = Duration.ofSeconds(5);

  /**
   * Each session that blocks others and is not blocked itself. What it runs is hidden from roles
   * without {@code pg_read_all_stats}; its ID never is. A prepared transaction has the ID 0.
   */
  private static final String BLOCKERS =
      """
      SELECT blocker.pid, coalesce(b.usename::text, 'unknown'),
             concat_ws(', ', '', nullif(b.application_name, ''), nullif(b.state, '')),
             round(max(extract(epoch FROM clock_timestamp() - l.waitstart))::numeric, 1),
             string_agg(DISTINCT l.relation::regclass::text, ', ')
        FROM pg_catalog.pg_locks l
        JOIN pg_catalog.pg_stat_activity w ON w.pid = l.pid
        CROSS JOIN LATERAL unnest(pg_catalog.pg_blocking_pids(l.pid)) AS blocker (pid)
        LEFT JOIN pg_catalog.pg_stat_activity b ON b.pid = blocker.pid
       WHERE NOT l.granted
         AND w.usename = session_user AND w.datname = current_database()
         AND l.waitstart < clock_timestamp() - ? * interval '1 ms'
         AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks o WHERE o.pid = blocker.pid AND NOT o.granted)
       GROUP BY 1, 2, 3 ORDER BY 1""";

  private LockWaits() {}

  /** A finding for each session that others of the role have waited for unusually long. */
  public static List<Finding> findings(Connection connection, DatabaseSettings settings)
      throws SQLException {
    List<Finding> findings = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(BLOCKERS)) {
      statement.setLong(1, Math.min(USUAL.toMillis(), settings.statementTimeout().toMillis() / 4));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          findings.add(new Finding(DatabaseSettings.URL, message(rows, settings.user())));
        }
      }
    }
    return findings;
  }

  private static String message(ResultSet row, String user) throws SQLException {
    int pid = row.getInt(1);
    if (pid == 0) {
      return "sessions of role %s wait for a lock that a prepared transaction holds: find it in pg_prepared_xacts, and run COMMIT PREPARED or ROLLBACK PREPARED"
          .formatted(user);
    }
    String table = row.getString(5);
    return "sessions of role %s have waited %s s for a lock%s that session %d holds (role %s%s). Tasks continue once it ends its transaction. If it never will, end the session. Run: SELECT pg_terminate_backend(%d);"
        .formatted(
            user,
            row.getString(4),
            table == null ? " of a row" : " of " + table,
            pid,
            row.getString(2),
            row.getString(3),
            pid);
  }
}
