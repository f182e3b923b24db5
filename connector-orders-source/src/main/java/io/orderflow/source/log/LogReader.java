package io.orderflow.source.log;

import io.orderflow.common.trace.LogContext;
import io.orderflow.source.log.change.DatabaseTransaction;
import io.orderflow.source.log.change.TransactionAssembler;
import io.orderflow.source.log.pgoutput.LogMessage;
import io.orderflow.source.log.pgoutput.PgOutputDecoder;
import io.orderflow.source.log.slot.LogStream;
import io.orderflow.source.offset.Lsn;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream on its own thread, and decodes and assembles its transactions, as far ahead as its
 * queue has room. One other thread takes them. The reader ends when its stream fails; {@link #take}
 * throws the cause once all earlier transactions are taken.
 */
final class LogReader implements AutoCloseable {

  /** Enough to continue reading while a batch is emitted. */
  private static final int MAX_TRANSACTIONS = 10_000;

  private static final long MAX_BYTES = 32 << 20;

  /** While the queue is full, the server must still receive status messages. */
  private static final Duration KEEP_ALIVE_INTERVAL = Duration.ofMillis(20);

  private final LogStream stream;
  private final PartitionNames partitions;
  private final TransactionAssembler assembler;
  private final TransactionQueue queue = new TransactionQueue(MAX_TRANSACTIONS, MAX_BYTES);
  private final Thread thread;

  private volatile Lsn read;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  /**
   * Transactions in the order of their commits.
   *
   * @param streamedUntil all transactions that committed before this position are in the list, or
   *     were taken earlier
   */
  record Taken(List<DatabaseTransaction> transactions, Lsn streamedUntil) {}

  /** Starts to read. Closing the reader closes the stream. */
  LogReader(
      LogStream stream,
      PartitionNames partitions,
      TransactionAssembler assembler,
      String threadName) {
    this.stream = stream;
    this.partitions = partitions;
    this.assembler = assembler;
    this.read = stream.received();
    this.thread = new Thread(LogContext.inherited(this::run), threadName);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Takes the transactions that have been read; waits for the first.
   *
   * @param maxOrders the maximum number of orders, which the last transaction may exceed
   * @throws SQLException if the stream has failed and all its transactions are taken
   */
  Taken take(int maxOrders, Duration wait) throws SQLException, InterruptedException {
    Lsn before = read;
    List<DatabaseTransaction> taken = queue.take(maxOrders, wait);
    if (taken.isEmpty() && failure != null) {
      // The reader may have added a transaction just before it failed.
      taken = queue.take(maxOrders, Duration.ZERO);
    }
    if (taken.isEmpty()) {
      throwFailure();
      return new Taken(taken, before);
    }
    Lsn end = taken.get(taken.size() - 1).endLsn();
    // The position that was read before may be later only if no transaction remains in the queue.
    return new Taken(taken, queue.size() == 0 ? end.max(before) : end);
  }

  /** The number of transactions that were read but not taken yet. */
  int queuedTransactions() {
    return queue.size();
  }

  /** The number of orders in these transactions; each counts once per transaction. */
  long queuedOrders() {
    return queue.orders();
  }

  /** Acknowledges a position, so that the server may remove the log before it. */
  void acknowledge(Lsn lsn) {
    stream.acknowledge(lsn);
  }

  private void throwFailure() throws SQLException {
    Throwable cause = failure;
    if (cause instanceof SQLException e) {
      throw e;
    }
    if (cause instanceof RuntimeException e) {
      throw e;
    }
    if (cause instanceof Error e) {
      throw e;
    }
  }

  private void run() {
    try {
      while (!closed) {
        readMessage();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException | RuntimeException | Error e) {
      failure = e;
    }
  }

  private void readMessage() throws SQLException, InterruptedException {
    ByteBuffer bytes = stream.read();
    LogMessage message = bytes == null ? null : PgOutputDecoder.decode(bytes);
    if (bytes != null && message != null) {
      DatabaseTransaction transaction =
          assembler.add(partitions.resolve(message), bytes.remaining());
      if (transaction != null) {
        enqueue(transaction);
      }
    }
    if (!assembler.isWithinTransaction()) {
      read = stream.received().max(read);
    }
  }

  private void enqueue(DatabaseTransaction transaction) throws InterruptedException, SQLException {
    while (!queue.offer(transaction, KEEP_ALIVE_INTERVAL)) {
      stream.keepAlive();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    stream.close();
  }
}
