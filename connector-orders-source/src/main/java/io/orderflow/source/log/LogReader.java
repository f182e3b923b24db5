package io.orderflow.source.log;

import io.orderflow.common.failure.ThreadFailure;
import io.orderflow.common.trace.LogContext;
import io.orderflow.source.log.change.DatabaseTransaction;
import io.orderflow.source.log.change.TransactionAssembler;
import io.orderflow.source.log.pgoutput.LogMessage;
import io.orderflow.source.log.pgoutput.PgOutputDecoder;
import io.orderflow.source.log.slot.MessageStream;
import io.orderflow.source.offset.Lsn;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

  private final MessageStream stream;
  private final RelationNames names;
  private final TransactionAssembler assembler;
  private final TransactionQueue queue = new TransactionQueue(MAX_TRANSACTIONS, MAX_BYTES);
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);

  private volatile Lsn read;
  private volatile @Nullable Throwable failure;

  /** Names the tables that the stream describes. */
  interface RelationNames {

    /**
     * Returns the message, with the captured table's name if it describes one of its partitions.
     *
     * @param pause waits between two queries of the catalog
     * @throws SQLTransientException if the catalog does not show the stream's transaction for long
     */
    LogMessage resolve(LogMessage message, Pause pause) throws SQLException, InterruptedException;
  }

  /** How the reader's thread waits. */
  @FunctionalInterface
  interface Pause {

    /**
     * Waits for this time, less than a second, while the stream stays alive.
     *
     * @throws InterruptedException at once if the reader is closed
     */
    void await(Duration time) throws SQLException, InterruptedException;
  }

  /**
   * Transactions in the order of their commits.
   *
   * @param streamedUntil all transactions that committed before this position are in the list, or
   *     were taken earlier
   */
  record Taken(List<DatabaseTransaction> transactions, Lsn streamedUntil) {}

  /** Starts to read. Closing the reader closes the stream. */
  LogReader(
      MessageStream stream,
      RelationNames names,
      TransactionAssembler assembler,
      String threadName) {
    this.stream = stream;
    this.names = names;
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
    if (cause != null) {
      throw ThreadFailure.rethrown(cause);
    }
  }

  private void run() {
    try {
      while (closed.getCount() > 0) {
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
          assembler.add(names.resolve(message, this::pause), bytes.remaining());
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

  private void pause(Duration time) throws SQLException, InterruptedException {
    stream.keepAlive();
    if (closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new InterruptedException("the reader is closed");
    }
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    stream.close();
  }
}
