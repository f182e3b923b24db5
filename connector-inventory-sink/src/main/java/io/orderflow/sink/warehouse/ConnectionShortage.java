package io.orderflow.sink.warehouse;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Finds out whether all connections are taken that the role, the database or the server allows, so
 * that other tasks wait for one. For one thread.
 */
final class ConnectionShortage {

  private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  /** Superusers are exempt from the limits of roles and databases. */
  private static final String SHORTAGE =
      """
      SELECT NOT r.rolsuper AND r.rolconnlimit >= 0
               AND (SELECT count(*) FROM pg_stat_activity WHERE usesysid = r.oid) >= r.rolconnlimit
          OR NOT r.rolsuper AND d.datconnlimit >= 0
               AND (SELECT count(*) FROM pg_stat_activity WHERE datid = d.oid) >= d.datconnlimit
          OR (SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL)
               >= current_setting('max_connections')::int
                  - current_setting('superuser_reserved_connections')::int
                  - coalesce(current_setting('reserved_connections', true)::int, 0)
        FROM pg_roles r, pg_database d
       WHERE r.rolname = session_user AND d.datname = current_database()""";

  private long nextLook = System.nanoTime();
  private boolean shortage;

  /** Whether connections are short, as of a second ago at most. */
  boolean read(Connection connection) throws SQLException {
    if (System.nanoTime() - nextLook >= 0) {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(SHORTAGE)) {
        shortage = row.next() && row.getBoolean(1);
      }
      nextLook = System.nanoTime() + INTERVAL_NANOS;
    }
    return shortage;
  }
}
