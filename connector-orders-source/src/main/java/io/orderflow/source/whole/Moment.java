package io.orderflow.source.whole;

import io.orderflow.source.event.Lsn;
import io.orderflow.source.event.Snapshot;
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
public record Moment(Snapshot snapshot, long highLsn) {

  /** Asks within a REPEATABLE READ transaction; takes its snapshot where it has none yet. */
  public static Moment of(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(
                "SELECT pg_current_snapshot()::text, pg_current_wal_insert_lsn()::text");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return new Moment(Snapshot.parse(row.getString(1)), Lsn.parse(row.getString(2)));
    }
  }
}
