package io.orderflow.sink.warehouse;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Finds out whether all connections are in use that the role, the database or the server allows, so
 * that other tasks may wait for one. Nobody can see whether they do. Therefore a task gives its
 * connection back after a turn: a short one if it had to wait for the connection itself, and a
 * longer one each time that nobody has taken the connection in the meantime. For one thread.
 */
final class ConnectionShortage {

  private static final long MIN_TURN_NANOS = Duration.ofMillis(250).toNanos();
  private static final long MAX_TURN_NANOS = Duration.ofSeconds(4).toNanos();

  /** Connecting takes so long only if another task has the connection. */
  private static final long WAIT_NANOS = Duration.ofMillis(250).toNanos();

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

  private long turn = MIN_TURN_NANOS;
  private long nextLook = System.nanoTime();

  /**
   * Whether connections are short, so that the task is to close its own. Looks once in a turn.
   *
   * @param waited how long the task has waited for the connection, in nanoseconds
   */
  boolean isFound(Connection connection, long waited) throws SQLException {
    if (waited > WAIT_NANOS) {
      beginShortTurn();
    }
    if (System.nanoTime() - nextLook < 0) {
      return false;
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SHORTAGE)) {
      boolean isShort = row.next() && row.getBoolean(1);
      turn = isShort ? Math.min(2 * turn, MAX_TURN_NANOS) : MIN_TURN_NANOS;
      nextLook = System.nanoTime() + turn;
      return isShort;
    }
  }

  /** Notes that others may need connections: the task did not get one, or had to wait for it. */
  void beginShortTurn() {
    turn = MIN_TURN_NANOS;
    long end = System.nanoTime() + turn;
    nextLook = nextLook - end > 0 ? end : nextLook;
  }
}
