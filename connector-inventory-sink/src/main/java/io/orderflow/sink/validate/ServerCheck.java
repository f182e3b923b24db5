package io.orderflow.sink.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.sink.config.ConfigKeys;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Checks that the server is writable and new enough, and keeps what it has committed. */
final class ServerCheck {

  /** The oldest version of PostgreSQL that is maintained. */
  private static final int MIN_VERSION = 14;

  /** Each limit with its subject and the SQL that raises it; superusers have only the server's. */
  private static final String LIMITS =
      """
      SELECT rolconnlimit, 'role ' || rolname,
             format('ALTER ROLE %I CONNECTION LIMIT %%d;', rolname)
        FROM pg_roles WHERE rolname = session_user AND rolconnlimit >= 0 AND NOT rolsuper
      UNION ALL
      SELECT datconnlimit, 'database ' || datname,
             format('ALTER DATABASE %I CONNECTION LIMIT %%d;', datname)
        FROM pg_database
       WHERE datname = current_database() AND datconnlimit >= 0
         AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = session_user)
      UNION ALL
      SELECT current_setting('max_connections')::int
               - current_setting('superuser_reserved_connections')::int
               - coalesce(current_setting('reserved_connections', true)::int, 0),
             'the server', 'ALTER SYSTEM SET max_connections = %d; and restart the server.'""";

  private ServerCheck() {}

  static List<Finding> check(Connection connection) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT current_setting('server_version_num')::int / 10000, pg_is_in_recovery(),"
                    + " current_setting('default_transaction_read_only')::bool,"
                    + " current_setting('synchronous_commit') = 'off', quote_ident(session_user)")) {
      row.next();
      findings.addAll(version(row.getInt(1)));
      if (row.getBoolean(2)) {
        findings.add(
            finding(
                "the server is a standby, which cannot be written: use the primary's host, or list"
                    + " several hosts with ?targetServerType=primary"));
      } else if (row.getBoolean(3)) {
        findings.add(
            finding(
                "transactions are read-only by default. Run: ALTER DATABASE ... SET"
                    + " default_transaction_read_only = off;"));
      }
      if (row.getBoolean(4)) {
        findings.add(
            finding(
                "the server does not write commits to its disk at once (synchronous_commit = off):"
                    + " after a crash, records are missing that Kafka does not deliver again. Remove"
                    + " the option from database.url, or change the setting of the role. Run: ALTER ROLE "
                    + row.getString(5)
                    + " SET synchronous_commit = on;"));
      }
    }
    return findings;
  }

  /**
   * Reports limits that the sessions of the tasks exhaust. One connection must be left: for the
   * check itself, and since tasks that use all connections cannot know whether others wait for one,
   * and take turns.
   */
  static List<Finding> limits(Connection connection, long sessions) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(LIMITS)) {
      while (rows.next()) {
        if (rows.getInt(1) <= sessions) {
          findings.add(
              new Finding(
                  ConfigKeys.APPLY_CONCURRENCY,
                  ("the tasks open %d connections (tasks.max times apply.concurrency; one more for"
                          + " each task if reservations expire, and if orders wait), and %s allows %d. It must allow one more than the tasks open, or they wait for each"
                          + " other. Lower one of the settings, or raise the limit. Run: %s")
                      .formatted(
                          sessions,
                          rows.getString(2),
                          rows.getInt(1),
                          rows.getString(3).formatted(sessions + 1))));
        }
      }
    }
    return findings;
  }

  static List<Finding> version(int major) {
    return major >= MIN_VERSION
        ? List.of()
        : List.of(
            finding(
                "expected PostgreSQL "
                    + MIN_VERSION
                    + " or later, found "
                    + major
                    + ": upgrade"
                    + " the server"));
  }

  private static Finding finding(String message) {
    return new Finding(DatabaseSettings.URL, message);
  }
}
