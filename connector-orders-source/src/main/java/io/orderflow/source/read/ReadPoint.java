package io.orderflow.source.read;

import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.TransactionSnapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What a transaction sees, and where the log was then.
 *
 * @param highLsn every transaction that the snapshot shows has its commit before this place of the
 *     log
 */
public record ReadPoint(TransactionSnapshot snapshot, long highLsn) {

  /** Asks within a REPEATABLE READ transaction; takes its snapshot where it has none yet. */
  public static ReadPoint of(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(
                "SELECT pg_current_snapshot()::text, pg_current_wal_insert_lsn()::text");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return new ReadPoint(
          TransactionSnapshot.parse(row.getString(1)), Lsn.parse(row.getString(2)));
    }
  }
}
