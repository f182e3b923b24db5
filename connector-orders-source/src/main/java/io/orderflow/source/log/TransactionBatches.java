package io.orderflow.source.log;

import io.orderflow.source.config.TableSettings;
import io.orderflow.source.log.LogReader.Taken;
import io.orderflow.source.log.change.DatabaseTransaction;
import io.orderflow.source.log.change.DatabaseTransaction.Truncated;
import io.orderflow.source.log.change.TransactionPart;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of a stream in batches, in the order of their commits. The batches end before a
 * transaction that truncates a captured table, since neither the log nor a look-up shows which rows
 * it removed. One thread takes and removes; any thread may read the figures.
 */
final class TransactionBatches {

  private final LogReader reader;
  private final int maxOrders;
  private final Deque<List<TransactionPart>> batches = new ArrayDeque<>();
  private final AtomicLong pendingOrders = new AtomicLong();

  private Lsn takenUntil;

  /** Thrown once all transactions before it are removed. */
  private @Nullable UnusableTablesException truncation;

  /**
   * Starts with no batch.
   *
   * @param maxOrders the maximum number of orders of a batch
   * @param from the position at which the stream starts
   */
  TransactionBatches(LogReader reader, int maxOrders, Lsn from) {
    this.reader = reader;
    this.maxOrders = maxOrders;
    this.takenUntil = from;
  }

  /**
   * Takes the transactions that have been read, and divides them into batches; waits for the first.
   *
   * @param offset the end of the emitted events
   * @throws UnusableTablesException if the next transaction truncates a captured table
   */
  List<DatabaseTransaction> take(LogOffset offset, Duration wait)
      throws SQLException, InterruptedException {
    if (truncation != null) {
      throw truncation;
    }
    Taken taken = reader.take(maxOrders, wait);
    List<DatabaseTransaction> transactions = untilTruncation(taken.transactions());
    if (truncation == null) {
      takenUntil = taken.streamedUntil();
    } else if (!transactions.isEmpty()) {
      takenUntil = transactions.get(transactions.size() - 1).endLsn();
    }
    batches.addAll(TransactionPart.batches(transactions, offset, maxOrders));
    updatePendingOrders();
    return transactions;
  }

  private List<DatabaseTransaction> untilTruncation(List<DatabaseTransaction> transactions) {
    for (int i = 0; i < transactions.size(); i++) {
      DatabaseTransaction transaction = transactions.get(i);
      if (transaction.truncated() != Truncated.NOTHING) {
        truncation = truncationOf(transaction);
        return transactions.subList(0, i);
      }
    }
    return transactions;
  }

  private static UnusableTablesException truncationOf(DatabaseTransaction transaction) {
    String setting =
        switch (transaction.truncated()) {
          case ORDERS -> TableSettings.ORDERS_TABLE;
          case WATCHED -> TableSettings.WATCH;
          default -> TableSettings.ITEMS_TABLE;
        };
    String tables =
        switch (transaction.truncated()) {
          case ORDERS -> "the table of the orders";
          case WATCHED -> "a watched table";
          default -> "the table of the items";
        };
    return new UnusableTablesException(
        setting,
        "%s was emptied by TRUNCATE, and the log does not list the orders it concerned. Stop the connector and reset its offsets (DELETE /connectors/NAME/offsets) to capture all orders again, or alter \"lsn\" in them to %s to continue behind it; use DELETE in future"
            .formatted(tables, transaction.endLsn()));
  }

  boolean isEmpty() {
    return batches.isEmpty();
  }

  /** The next batch; empty if there is none. */
  List<TransactionPart> first() {
    List<TransactionPart> batch = batches.peek();
    return batch == null ? List.of() : batch;
  }

  /** Removes the next batch, after it was resolved. */
  void removeFirst() {
    batches.remove();
    updatePendingOrders();
  }

  private void updatePendingOrders() {
    pendingOrders.set(
        batches.stream().flatMap(List::stream).mapToLong(TransactionPart::size).sum());
  }

  /** All transactions that committed before this position are taken. */
  Lsn takenUntil() {
    return takenUntil;
  }

  /** Whether capture ends with the batches that were taken. */
  boolean endsWithTruncation() {
    return truncation != null;
  }

  /** The number of transactions that were read but not taken yet. */
  int queuedTransactions() {
    return reader.queuedTransactions();
  }

  /** The orders that were read but not removed yet; each counts once per transaction. */
  long orders() {
    return reader.queuedOrders() + pendingOrders.get();
  }
}
