package io.orderflow.source.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Since when the oldest running transaction has been running, where others that began later have
 * ended: a snapshot knows of none else. One thread looks, any may ask. Where the role may not see
 * the transaction's beginning in pg_stat_activity (it needs pg_read_all_stats), and for prepared
 * transactions, it is the time since it was seen first.
 */
public final class Horizon {

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final String LOOK =
      """
      SELECT pg_snapshot_xmin(s)::text,
             pg_snapshot_xmin(s) < pg_snapshot_xmax(s),
             (SELECT (extract(epoch FROM min(a.xact_start)) * 1000)::bigint
                FROM pg_stat_activity a
               WHERE a.backend_xid = pg_snapshot_xmin(s)::xid)
        FROM pg_current_snapshot() AS s
      """;

  private final InstantSource clock;

  /** When the oldest running transaction began, in milliseconds since the epoch; 0 for none. */
  private final AtomicLong since = new AtomicLong();

  private String last = "";
  private long lastLook;
  private boolean looked;

  public Horizon(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Looks, if the last look is a while ago.
   *
   * @param connection in the transaction whose horizon is meant
   */
  public void look(Connection connection) throws SQLException {
    long now = System.nanoTime();
    if (looked && now - lastLook < INTERVAL.toNanos()) {
      return;
    }
    looked = true;
    lastLook = now;
    try (PreparedStatement statement = connection.prepareStatement(LOOK);
        ResultSet row = statement.executeQuery()) {
      row.next();
      String horizon = row.getString(1);
      if (!row.getBoolean(2)) {
        since.set(0);
      } else {
        long seen = horizon.equals(last) && since.get() != 0 ? since.get() : clock.millis();
        long began = row.getLong(3);
        since.set(row.wasNull() ? seen : Math.min(seen, began));
      }
      last = horizon;
    }
  }

  public double ageSeconds() {
    return ageMillis() / 1_000.0;
  }

  /** How long ago it began, in milliseconds; 0 where none is running. */
  public long ageMillis() {
    long began = since.get();
    return began == 0 ? 0 : Math.max(0, clock.millis() - began);
  }
}
