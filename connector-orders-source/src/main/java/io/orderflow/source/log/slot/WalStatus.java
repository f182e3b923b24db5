package io.orderflow.source.log.slot;

import io.orderflow.source.offset.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What a server says of its log; a primary alone can be asked.
 *
 * @param database that the connection is to; a slot belongs to one
 * @param lsn where the log ends now
 * @param walLevel minimal, replica or logical
 * @param slots how many replication slots are taken
 * @param mostSlots how many there can be
 * @param senders how many processes send the log to somebody
 * @param mostSenders how many there can be
 */
public record WalStatus(
    String database,
    long lsn,
    String walLevel,
    int slots,
    int mostSlots,
    int senders,
    int mostSenders) {

  private static final String LOOK =
      """
      SELECT current_database()::text, pg_current_wal_insert_lsn()::text, current_setting('wal_level'),
             (SELECT count(*) FROM pg_catalog.pg_replication_slots),
             current_setting('max_replication_slots')::integer,
             (SELECT count(*) FROM pg_catalog.pg_stat_replication),
             current_setting('max_wal_senders')::integer
      """;

  /** Looks. */
  public static WalStatus of(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOOK);
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
