package io.orderflow.source.catalog;

import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.TableName;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Optional;

/**
 * The server that a connection has reached.
 *
 * @param version as {@code server_version_num}
 * @param standby whether it only replays another server's changes
 * @param system identifier of the cluster; transaction IDs mean nothing in another
 * @param horizon oldest transaction that is still running
 * @param nextXid transaction ID that will be assigned next; all IDs in its tables are before it
 * @param keepsCommitTimes whether {@code track_commit_timestamp} is on
 */
public record ServerInfo(
    int version,
    boolean standby,
    String system,
    long horizon,
    long nextXid,
    boolean keepsCommitTimes) {

  /** The first version with {@code xid8} and all other functions that the capture uses. */
  private static final int MIN_VERSION = 140_000;

  private static final long FIRST_NORMAL_XID = 3;
  private static final long HALF_OF_XIDS = 1L << 31;

  private static final String READ =
      """
      SELECT pg_is_in_recovery(),
             (SELECT system_identifier::text FROM pg_control_system()),
             pg_snapshot_xmin(pg_current_snapshot())::text,
             pg_snapshot_xmax(pg_current_snapshot())::text,
             current_setting('track_commit_timestamp')::boolean
      """;

  /** Asks the server, of any version. */
  public static ServerInfo readServerInfo(Connection connection) throws SQLException {
    int version = readVersion(connection);
    if (version < MIN_VERSION) {
      return new ServerInfo(version, false, "", 0, 0, false);
    }
    try (PreparedStatement statement = connection.prepareStatement(READ);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return new ServerInfo(
          version,
          row.getBoolean(1),
          row.getString(2),
          Long.parseLong(row.getString(3)),
          Long.parseLong(row.getString(4)),
          row.getBoolean(5));
    }
  }

  /** The version of the server, as {@code server_version_num}. */
  public static int readVersion(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement("SELECT current_setting('server_version_num')::integer");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }

  /** Why capture can never work with this server as it is; empty if it can. */
  public Optional<String> problem() {
    if (version < MIN_VERSION) {
      return Optional.of(
          "this server has version %d (server_version_num); PostgreSQL 14 or later is required"
              .formatted(version));
    }
    return standby
        ? Optional.of(
            "this server is a standby, which knows neither the running transactions nor the"
                + " horizon; connect to the primary. If the URL has several hosts, add"
                + " ?targetServerType=primary")
        : Optional.empty();
  }

  /**
   * Requires a primary, of a server that was a primary before: a standby may be about to be
   * promoted.
   *
   * @throws UnusableTablesException if the server is too old
   * @throws SQLTransientException if it is a standby
   */
  public void requirePrimary() throws SQLTransientException {
    if (standby) {
      throw new SQLTransientException("the server is a standby at the moment");
    }
    Optional<String> problem = problem();
    if (problem.isPresent()) {
      throw new UnusableTablesException(DatabaseSettings.URL, problem.get());
    }
  }

  /** Why a stored offset does not fit this server; empty if it does. */
  public Optional<String> mismatch(TableName orders, ShardOffset offset) {
    if (!offset.system().equals(system)) {
      return Optional.of(
          "this is the database cluster %s, but the stored offsets of %s contain transaction IDs of cluster %s. If it was upgraded in place with pg_upgrade, its transaction IDs remain valid: stop the connector and alter \"system\" in its offsets to \"%s\". If it was restored into a new cluster, stop the connector and reset its offsets (DELETE /connectors/NAME/offsets): then all orders are captured again"
              .formatted(system, orders, offset.system(), system));
    }
    // A capture without a snapshot starts, on an idle server, at exactly the next transaction ID.
    boolean justStarted = offset.xid() == offset.snapshotUntil() && offset.xid() == nextXid;
    return offset.xid() < nextXid || justStarted
        ? Optional.empty()
        : Optional.of(
            "the stored offsets of %s are at transaction %d, but the next that this server assigns is %d: the server has lost transactions, as after a failover to a standby that was behind, or a restore to an earlier time. Changes whose transaction IDs are assigned again would be skipped. Stop the connector, and alter \"xid\" in its offsets to a transaction before the loss, or reset them (DELETE /connectors/NAME/offsets): then all orders are captured again"
                .formatted(orders, offset.xid(), nextXid));
  }

  /**
   * The oldest transaction whose commit time can be read by its 32-bit ID, since IDs wrap around
   * after 2^32.
   */
  public long oldestXidWithCommitTime() {
    return Math.max(FIRST_NORMAL_XID, horizon - HALF_OF_XIDS);
  }
}
