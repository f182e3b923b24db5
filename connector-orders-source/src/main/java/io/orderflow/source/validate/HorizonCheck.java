package io.orderflow.source.validate;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.Identifiers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds the transaction that a running query capture waits for: the oldest of the server that has
 * written something. Before a capture runs, such a transaction prevents nothing.
 *
 * <p>Without {@code pg_read_all_stats}, a role does not see when a transaction of another role
 * began. Such a transaction is watched for a while: usually it ends within that, and otherwise it
 * is named.
 */
final class HorizonCheck {

  /** The maximum time for which a transaction is watched. Connect's REST API waits for longer. */
  private static final Duration MAX_WATCH = Duration.ofSeconds(10);

  private static final double STEP_SECONDS = 0.2;

  /** A session, or a prepared transaction, whose ID of a session is 0. */
  private static final String HOLDER =
      """
      SELECT t.pid, t.database, t.role, t.xid::text, quote_literal(t.gid), t.began IS NULL,
             round(extract(epoch FROM clock_timestamp() - t.began)) || ' s',
             t.began < clock_timestamp() - ? * interval '1 ms'
        FROM pg_current_snapshot() AS s
        JOIN (SELECT pid, datname, usename, backend_xid, xact_start, NULL
                FROM pg_catalog.pg_stat_activity
              UNION ALL
              SELECT 0, database, owner, transaction, prepared, gid
                FROM pg_catalog.pg_prepared_xacts) AS t (pid, database, role, xid, began, gid)
          ON t.xid = pg_snapshot_xmin(s)::xid
       WHERE pg_snapshot_xmin(s) < pg_snapshot_xmax(s)
         AND EXISTS (
               SELECT FROM pg_catalog.pg_stat_activity c
                WHERE c.usename = session_user AND c.datname = current_database()
                  AND c.application_name LIKE 'orderflow-orders-source %')""";

  /** A transaction holds a lock of its own ID until it ends. */
  private static final String STILL_OPEN =
      """
      SELECT EXISTS (SELECT FROM pg_catalog.pg_locks
                      WHERE locktype = 'transactionid' AND granted AND transactionid = ?::xid)
        FROM pg_sleep(?)""";

  /**
   * A transaction that holds the horizon.
   *
   * @param end how to end it, with the SQL
   * @param isHidden whether the role may not see when it began
   */
  private record Holder(String name, String end, String xid, boolean isHidden, String age) {

    static Holder of(ResultSet row) throws SQLException {
      String literal = row.getString(5);
      String where = " of role %s in database %s".formatted(row.getString(3), row.getString(2));
      return new Holder(
          (literal == null ? "session " + row.getInt(1) : "the prepared transaction " + literal)
              + where,
          literal == null
              ? "end its session:\nSELECT pg_terminate_backend(%d);".formatted(row.getInt(1))
              : "ask its transaction manager what it decided, and run in that database, accordingly: COMMIT PREPARED %1$s; or: ROLLBACK PREPARED %1$s;"
                  .formatted(literal),
          row.getString(4),
          row.getBoolean(6),
          String.valueOf(row.getString(7)));
    }
  }

  private final Connection connection;
  private final DatabaseSettings settings;

  private HorizonCheck(Connection connection, DatabaseSettings settings) {
    this.connection = connection;
    this.settings = settings;
  }

  /** The transaction that holds the horizon for long; takes seconds only if there is one. */
  static Optional<Finding> finding(Connection connection, DatabaseSettings settings)
      throws SQLException {
    return new HorizonCheck(connection, settings).finding();
  }

  private Optional<Finding> finding() throws SQLException {
    Holder holder;
    try (PreparedStatement statement = connection.prepareStatement(HOLDER)) {
      statement.setLong(1, settings.statementTimeout().toMillis());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        holder = Holder.of(row);
        if (!holder.isHidden() && !row.getBoolean(8)) {
          return Optional.empty();
        }
      }
    }
    if (!holder.isHidden()) {
      return Optional.of(finding(holder, holder.age(), ""));
    }
    Duration watch =
        settings.statementTimeout().compareTo(MAX_WATCH) < 0
            ? settings.statementTimeout()
            : MAX_WATCH;
    return outlasts(holder, watch)
        ? Optional.of(
            finding(
                holder,
                "more than %d s".formatted(watch.toSeconds()),
                " (GRANT pg_read_all_stats TO %s shows since when.)"
                    .formatted(Identifiers.quote(settings.user()))))
        : Optional.empty();
  }

  private boolean outlasts(Holder holder, Duration watch) throws SQLException {
    long deadline = System.nanoTime() + watch.toNanos();
    while (System.nanoTime() - deadline < 0) {
      try (PreparedStatement statement = connection.prepareStatement(STILL_OPEN)) {
        statement.setString(1, holder.xid());
        statement.setDouble(2, STEP_SECONDS);
        try (ResultSet row = statement.executeQuery()) {
          if (!row.next() || !row.getBoolean(1)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private static Finding finding(Holder holder, String age, String more) {
    return new Finding(
        DatabaseSettings.URL,
        "capture waits for a transaction that has been open for %s: %s. Orders that were committed since then are emitted once it ends.%s If it never will, %s"
            .formatted(age, holder.name(), more, holder.end()));
  }
}
