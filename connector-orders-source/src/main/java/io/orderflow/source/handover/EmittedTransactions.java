package io.orderflow.source.handover;

import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.Identifiers;
import io.orderflow.source.config.CaptureSettings;
import io.orderflow.source.log.pgoutput.LogMessage;
import io.orderflow.source.log.pgoutput.PgOutputDecoder;
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
 * The transactions that log capture has emitted, by their IDs: those that a snapshot shows, except
 * for those that the slot would stream next.
 *
 * <p>The snapshot is that of a temporary slot, since only such a snapshot shows exactly the
 * transactions that committed before a log position. Any other snapshot shows transactions shortly
 * after their commits are in the log, and not in that order.
 *
 * @param lsn all of them committed before this position
 */
record EmittedTransactions(Lsn lsn, TransactionSnapshot snapshot) {

  /** A limit, since the offsets contain the transaction IDs for a while. */
  private static final int MAX_TRANSACTIONS = 10_000;

  private static final int TIMEOUT_MS = 600_000;

  /** Only Begin messages, which contain the transaction's ID and the position of its commit. */
  private static final String PEEK =
      """
      SELECT data FROM pg_logical_slot_peek_binary_changes(?, ?::pg_lsn, NULL,
        'proto_version', '1', 'publication_names', ?)
      WHERE get_byte(data, 0) = ascii('B')
      """;

  /**
   * Finds the emitted transactions; waits for all transactions that are writing.
   *
   * @param end every transaction that committed before this position is emitted, and no other
   * @param slot the slot that log capture has read; its position does not change
   * @throws UnusableTablesException if too many transactions are not emitted
   */
  static EmittedTransactions awaitBefore(
      Lsn end, DatabaseSettings settings, Publication publication, String slot, String name)
      throws SQLException {
    ReplicationConnection.CreatedSlot now;
    try (ReplicationConnection connection = ReplicationConnection.open(settings, name)) {
      now = connection.createTemporarySlot();
    }
    TransactionSnapshot shown = TransactionSnapshot.parse(now.snapshot());
    List<Long> notEmitted;
    try (Connection connection = settings.connect(name)) {
      connection.setNetworkTimeout(Runnable::run, TIMEOUT_MS);
      notEmitted = readTransactions(connection, publication, slot, end, now.consistentLsn());
    }
    return new EmittedTransactions(now.consistentLsn(), shown.without(notEmitted));
  }

  /** The transactions that committed from one position to another. */
  private static List<Long> readTransactions(
      Connection connection, Publication publication, String slot, Lsn from, Lsn until)
      throws SQLException {
    List<Long> xids = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(PEEK)) {
      statement.setString(1, slot);
      statement.setString(2, until.toString());
      statement.setString(3, Identifiers.quote(publication.name()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          if (PgOutputDecoder.decode(ByteBuffer.wrap(rows.getBytes(1)))
                  instanceof LogMessage.Begin begin
              && !begin.commitLsn().isBefore(from)) {
            xids.add(begin.xid());
          }
        }
      }
    }
    if (xids.size() > MAX_TRANSACTIONS) {
      throw new UnusableTablesException(
          CaptureSettings.CAPTURE,
          "%d transactions have committed since capture=log stopped, and a handover to capture=query allows %d; set capture=log again, let it catch up, and change the capture then"
              .formatted(xids.size(), MAX_TRANSACTIONS));
    }
    return xids;
  }
}
