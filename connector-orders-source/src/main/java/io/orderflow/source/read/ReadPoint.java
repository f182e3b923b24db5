package io.orderflow.source.read;

import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.TransactionSnapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The snapshot of a transaction, and a log position after everything that it shows.
 *
 * @param highWatermark every transaction that the snapshot shows has its commit before this
 *     position
 */
public record ReadPoint(TransactionSnapshot snapshot, Lsn highWatermark) {

  /** Reads it within a REPEATABLE READ transaction; takes its snapshot if it has none yet. */
  public static ReadPoint read(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(
                "SELECT pg_current_snapshot()::text, pg_current_wal_insert_lsn()::text");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return of(row.getString(1), row.getString(2));
    }
  }

  /** Parses a {@code pg_snapshot} and a {@code pg_lsn}. */
  static ReadPoint of(String snapshot, String highWatermark) {
    return new ReadPoint(TransactionSnapshot.parse(snapshot), Lsn.parse(highWatermark));
  }
}
