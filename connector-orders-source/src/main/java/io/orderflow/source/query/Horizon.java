package io.orderflow.source.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The age of the oldest running transaction, if transactions with later IDs have ended; a snapshot
 * shows no others. One thread updates, any thread may read the age. If the role may not see the
 * transaction's start in pg_stat_activity (which requires pg_read_all_stats), and for prepared
 * transactions, the age counts from the first update that found the transaction. A transaction that
 * holds the horizon for long is logged once.
 */
final class Horizon {

  private static final Logger LOG = LoggerFactory.getLogger(Horizon.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final String READ =
      """
      SELECT pg_snapshot_xmin(s)::text,
             pg_snapshot_xmin(s) < pg_snapshot_xmax(s),
             (SELECT (extract(epoch FROM min(a.xact_start)) * 1000)::bigint
                FROM pg_stat_activity a
               WHERE a.backend_xid = pg_snapshot_xmin(s)::xid),
             (SELECT min(a.pid)
                FROM pg_stat_activity a
               WHERE a.backend_xid = pg_snapshot_xmin(s)::xid)
        FROM pg_current_snapshot() AS s
      """;

  private final InstantSource clock;
  private final Duration patience;

  /** When the oldest running transaction began, in milliseconds since the epoch; 0 for none. */
  private final AtomicLong oldestBegan = new AtomicLong();

  private String last = "";
  private long lastUpdate;
  private boolean updated;
  private String logged = "";

  /**
   * Creates it without reading anything.
   *
   * @param patience the age from which on a transaction is logged
   */
  Horizon(InstantSource clock, Duration patience) {
    this.clock = clock;
    this.patience = patience;
  }

  /** Reads the horizon of a transaction, if the last update was long enough ago. */
  void update(Connection connection) throws SQLException {
    long now = System.nanoTime();
    if (updated && now - lastUpdate < INTERVAL.toNanos()) {
      return;
    }
    updated = true;
    lastUpdate = now;
    try (PreparedStatement statement = connection.prepareStatement(READ);
        ResultSet row = statement.executeQuery()) {
      row.next();
      String horizon = row.getString(1);
      if (!row.getBoolean(2)) {
        oldestBegan.set(0);
      } else {
        long seen =
            horizon.equals(last) && oldestBegan.get() != 0 ? oldestBegan.get() : clock.millis();
        long began = row.getLong(3);
        oldestBegan.set(row.wasNull() ? seen : Math.min(seen, began));
        warn(horizon, row.getInt(4));
      }
      last = horizon;
    }
  }

  /** Without an error anywhere, nobody would look at the metrics. */
  private void warn(String horizon, int pid) {
    if (ageMillis() >= patience.toMillis() && !logged.equals(horizon)) {
      logged = horizon;
      LOG.warn(
          "Capture waits for a transaction that has been open for {} ms: {}. Orders that were"
              + " committed since then are emitted once it ends.",
          ageMillis(),
          pid == 0
              ? "prepared transaction " + horizon + ", see pg_prepared_xacts"
              : "session " + pid + ", see pg_stat_activity");
    }
  }

  double ageSeconds() {
    return ageMillis() / 1_000.0;
  }

  /** The age in milliseconds; 0 if no such transaction is running. */
  long ageMillis() {
    long began = oldestBegan.get();
    return began == 0 ? 0 : Math.max(0, clock.millis() - began);
  }
}
