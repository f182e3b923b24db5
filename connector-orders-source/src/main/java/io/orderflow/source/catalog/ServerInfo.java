package io.orderflow.source.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What is known of the server that a connection has reached.
 *
 * @param version as {@code server_version_num}: 140000 and up is fit
 * @param standby whether it only replays another server's changes
 * @param system identifier of the cluster; transaction IDs mean nothing in another
 * @param horizon oldest transaction that is still running
 * @param next transaction that will be given out next; all IDs in its tables are before it
 * @param keepsCommitTimes whether {@code track_commit_timestamp} is on
 */
public record ServerInfo(
    int version,
    boolean standby,
    String system,
    long horizon,
    long next,
    boolean keepsCommitTimes) {

  /** The first version with {@code xid8} and all else that the capture reads by. */
  public static final int LEAST_VERSION = 140_000;

  private static final String LOOK =
      """
      SELECT pg_is_in_recovery(),
             (SELECT system_identifier::text FROM pg_control_system()),
             pg_snapshot_xmin(pg_current_snapshot())::text,
             pg_snapshot_xmax(pg_current_snapshot())::text,
             current_setting('track_commit_timestamp')::boolean
      """;

  /** Looks; any version of the server answers. */
  public static ServerInfo of(Connection connection) throws SQLException {
    int version = version(connection);
    if (version < LEAST_VERSION) {
      return new ServerInfo(version, false, "", 0, 0, false);
    }
    try (PreparedStatement statement = connection.prepareStatement(LOOK);
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

  private static int version(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement("SELECT current_setting('server_version_num')::integer");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }

  /** The oldest transaction whose commit time its ID still names: IDs come round after 2^32. */
  public long oldestWithCommitTime() {
    return Math.max(3, horizon - (1L << 31));
  }
}
