package io.orderflow.source.log.slot;

import io.orderflow.source.offset.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The state of a primary's write-ahead log.
 *
 * @param database the connection's database; a logical slot belongs to one database
 * @param lsn the end of the log
 * @param walLevel minimal, replica or logical
 * @param slots the number of replication slots
 * @param maxSlots the limit of that number
 * @param senders the number of processes that send the log
 * @param maxSenders the limit of that number
 */
public record WalStatus(
    String database,
    Lsn lsn,
    String walLevel,
    int slots,
    int maxSlots,
    int senders,
    int maxSenders) {

  private static final String READ =
      """
      SELECT current_database()::text, pg_current_wal_insert_lsn()::text, current_setting('wal_level'),
             (SELECT count(*) FROM pg_catalog.pg_replication_slots),
             current_setting('max_replication_slots')::integer,
             (SELECT count(*) FROM pg_catalog.pg_stat_replication),
             current_setting('max_wal_senders')::integer
      """;

  /** Reads the state from a primary. */
  public static WalStatus readWalStatus(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(READ);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return new WalStatus(
          row.getString(1),
          Lsn.parse(row.getString(2)),
          row.getString(3),
          row.getInt(4),
          row.getInt(5),
          row.getInt(6),
          row.getInt(7));
    }
  }
}
