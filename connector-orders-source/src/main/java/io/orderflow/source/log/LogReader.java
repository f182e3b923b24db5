package io.orderflow.source.log;

import io.orderflow.common.trace.LogContext;
import io.orderflow.source.log.change.DatabaseTransaction;
import io.orderflow.source.log.change.TransactionAssembler;
import io.orderflow.source.log.pgoutput.PgOutputDecoder;
import io.orderflow.source.log.pgoutput.Streaming;
import io.orderflow.source.log.slot.LogStream;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream on a thread of its own, as far ahead as its queue holds. One other thread takes;
 * the reader ends with its stream, and the cause comes with the next take.
 */
public final class LogReader implements AutoCloseable {

  /** How much is read ahead: enough to read on while a batch is told. */
  private static final int MOST_TRANSACTIONS = 10_000;

  private static final long MOST_BYTES = 32 << 20;
  private static final long HELD_UP_MS = 20;

  private final LogStream stream;
  private final TransactionAssembler assembler;
  private final PgOutputDecoder decoder = new PgOutputDecoder(Streaming.OFF);
  private final BlockingQueue<DatabaseTransaction> queue =
      new ArrayBlockingQueue<>(MOST_TRANSACTIONS);
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicLong queuedOrders = new AtomicLong();
  private final Thread thread;

  private volatile long passed;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  /**
   * Transactions in the order of their commits.
   *
   * @param passed all that was committed before this place of the log is told with them, or was
   *     before
   */
  public record Taken(List<DatabaseTransaction> transactions, long passed) {}

  /** Reads from now on; the stream is the reader's. */
  public LogReader(LogStream stream, TransactionAssembler assembler, String name) {
    this.stream = stream;
    this.assembler = assembler;
    this.passed = stream.received();
    this.thread = new Thread(LogContext.inherited(this::run), name);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Takes what has been read, and waits a while for the first of it.
   *
   * @param most how many orders they may hold, but for the last transaction
   * @throws SQLException why the stream has ended, once all that it told is taken
   */
  public Taken take(int most, Duration wait) throws SQLException, InterruptedException {
    long before = passed;
    DatabaseTransaction first = queue.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    if (first == null) {
      throwFailure();
      return new Taken(List.of(), before);
    }
    List<DatabaseTransaction> taken = new ArrayList<>();
    int orders = 0;
    DatabaseTransaction next = first;
    while (next != null) {
      taken.add(next);
      orders += next.orders().size();
      queuedBytes.addAndGet(-next.bytes());
      queuedOrders.addAndGet(-next.orders().size());
      next = orders < most ? queue.poll() : null;
    }
    long end = taken.get(taken.size() - 1).endLsn();
    // What was passed before a transaction came may be further only if none is left.
    return new Taken(taken, queue.isEmpty() ? Math.max(before, end) : end);
  }

  /** How many transactions are read and not taken. */
  int waiting() {
    return queue.size();
  }

  /** How many orders they hold. */
  long waitingOrders() {
    return queuedOrders.get();
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

  /** The server may forget what was committed before. */
  public void confirm(long lsn) {
    stream.confirm(lsn);
  }

  private void run() {
    try {
      while (!closed) {
        read();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException | RuntimeException | Error e) {
      failure = e;
    }
  }

  private void read() throws SQLException, InterruptedException {
    ByteBuffer message = stream.read();
    if (message != null) {
      DatabaseTransaction transaction = assembler.add(decoder.decode(message), message.remaining());
      if (transaction != null) {
        put(transaction);
      }
    }
    if (!assembler.within()) {
      passed = Math.max(passed, stream.received());
    }
  }

  private void put(DatabaseTransaction transaction) throws InterruptedException, SQLException {
    while (queuedBytes.get() > MOST_BYTES) {
      Thread.sleep(HELD_UP_MS);
      stream.keepAlive();
    }
    queuedBytes.addAndGet(transaction.bytes());
    queuedOrders.addAndGet(transaction.orders().size());
    while (!queue.offer(transaction, HELD_UP_MS, TimeUnit.MILLISECONDS)) {
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
