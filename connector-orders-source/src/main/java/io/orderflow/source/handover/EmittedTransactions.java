package io.orderflow.source.handover;

import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.Identifiers;
import io.orderflow.source.log.pgoutput.LogMessage;
import io.orderflow.source.log.pgoutput.PgOutputDecoder;
import io.orderflow.source.log.pgoutput.Streaming;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.log.slot.ReplicationConnection;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.schema.UnusableTablesException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which transactions were told from a slot, for those who know transactions by their IDs: what a
 * snapshot shows, less what the slot would tell next.
 *
 * <p>The snapshot is a temporary slot's, since it alone shows exactly what was committed before a
 * place of the log. Any other shows transactions a moment after their commit is in the log, and not
 * in that order.
 *
 * @param slot that was read, and is not moved by this
 */
public record EmittedTransactions(
    DatabaseSettings settings, Publication publication, String slot, String name) {

  /** Their IDs are kept with the offsets for a while. */
  private static final int MOST = 10_000;

  private static final int TIMEOUT_MS = 600_000;

  // Only the beginnings of transactions: they hold the ID and the place of the commit.
  private static final String PEEK =
      """
      SELECT data FROM pg_logical_slot_peek_binary_changes(?, ?::pg_lsn, NULL,
        'proto_version', '1', 'publication_names', ?)
      WHERE get_byte(data, 0) = ascii('B')
      """;

  /**
   * Transactions that were told.
   *
   * @param lsn all of them were committed before this place
   */
  public record Told(long lsn, TransactionSnapshot snapshot) {}

  /**
   * Finds them; waits for all transactions that write at this moment.
   *
   * @param lsn all that was committed before was told, and nothing that was committed later
   * @throws UnusableTablesException where too many are left to tell
   */
  public Told before(long lsn) throws SQLException {
    ReplicationConnection.Created now;
    try (ReplicationConnection connection = ReplicationConnection.open(settings, name)) {
      now = connection.createTemporarySlot();
    }
    TransactionSnapshot shown = TransactionSnapshot.parse(now.snapshot());
    return new Told(now.consistentLsn(), shown.without(between(lsn, now.consistentLsn())));
  }

  private List<Long> between(long from, long until) throws SQLException {
    List<Long> xids = new ArrayList<>();
    try (Connection connection = settings.connect(name)) {
      connection.setNetworkTimeout(Runnable::run, TIMEOUT_MS);
      try (PreparedStatement statement = connection.prepareStatement(PEEK)) {
        statement.setString(1, slot);
        statement.setString(2, Lsn.format(until));
        statement.setString(3, Identifiers.quote(publication.name()));
        PgOutputDecoder decoder = new PgOutputDecoder(Streaming.OFF);
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            if (decoder.decode(ByteBuffer.wrap(rows.getBytes(1))) instanceof LogMessage.Begin begin
                && begin.commitLsn() >= from) {
              xids.add(begin.xid());
            }
          }
        }
      }
    }
    if (xids.size() > MOST) {
      throw new UnusableTablesException(
          "capture",
          "expected at most %d transactions since capture=log has stopped, found %d; set capture=log again, let it catch up, and switch then"
              .formatted(MOST, xids.size()));
    }
    return xids;
  }
}
