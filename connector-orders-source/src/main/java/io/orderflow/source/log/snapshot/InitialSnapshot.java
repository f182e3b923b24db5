package io.orderflow.source.log.snapshot;

import io.orderflow.common.database.Database;
import io.orderflow.common.trace.LogContext;
import io.orderflow.source.offset.TransactionSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The initial load, beside the stream. Several threads read chunks ahead of their merge into the
 * stream: a chunk may be merged once the stream has told all that the chunk's snapshot shows, so
 * that what the stream tells afterwards is newer. One thread tells, takes chunks and closes.
 */
public final class InitialSnapshot implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(InitialSnapshot.class);
  private static final long END_SECONDS = 10;

  /** Looks at each server that a reader reaches, before it reads there. */
  @FunctionalInterface
  public interface ServerCheck {

    /**
     * Throws where nothing may be read from here.
     *
     * @param connection in a transaction
     */
    void reached(Connection connection) throws SQLException;
  }

  private final Database database;
  private final TransactionSnapshot since;
  private final ChunkSplitter plan;
  private final ChunkWindow overtaken;
  private final Semaphore room;
  private final Map<Long, Chunk> ready = new ConcurrentHashMap<>();
  private final List<ChunkReader> readers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  private long expected;
  private boolean done;
  private volatile boolean closed;
  private volatile @Nullable Throwable failure;

  private InitialSnapshot(
      SnapshotSettings settings,
      Database database,
      TransactionSnapshot since,
      @Nullable String loadedTo) {
    this.database = database;
    this.since = since;
    this.plan = new ChunkSplitter(settings.tables(), settings.chunkOrders(), loadedTo);
    this.overtaken = new ChunkWindow(since);
    this.room = new Semaphore(settings.connections() + 1);
  }

  /**
   * Begins to read.
   *
   * @param database a pool of REPEATABLE READ transactions with as many connections as the settings
   *     have; closed with the load
   * @param since snapshot from which on the stream tells every change
   * @param loadedTo the last order ID, as text, that was loaded before; null to load from the first
   */
  public static InitialSnapshot begin(
      SnapshotSettings settings,
      Database database,
      TransactionSnapshot since,
      @Nullable String loadedTo,
      ServerCheck serverCheck) {
    InitialSnapshot load = new InitialSnapshot(settings, database, since, loadedTo);
    for (int i = 1; i <= settings.connections(); i++) {
      ChunkReader reader = new ChunkReader(settings, database, serverCheck);
      Thread thread =
          new Thread(LogContext.inherited(() -> load.readAhead(reader)), "orderflow-load-" + i);
      thread.setDaemon(true);
      load.readers.add(reader);
      load.threads.add(thread);
    }
    load.threads.forEach(Thread::start);
    return load;
  }

  /**
   * The stream tells an order. Comes before {@link #next} is told that the stream has got there.
   *
   * @param xid lower 32 bits of the ID of the transaction that touched the order
   */
  public void told(long xid, Object orderId) {
    overtaken.told(xid, orderId);
  }

  /**
   * The next chunk, without the orders that the stream has overtaken; does not wait.
   *
   * @param streamedLsn the stream has told all transactions that committed before this place
   * @return null where no chunk can be merged yet, and once {@link #done}
   * @throws SQLException where reading cannot go on; unchecked exceptions of the readers too
   */
  public @Nullable Chunk next(long streamedLsn) throws SQLException {
    Throwable cause = failure;
    if (cause != null) {
      raise(cause);
    }
    Chunk chunk = ready.get(expected);
    if (chunk == null || chunk.highLsn() > streamedLsn) {
      return null;
    }
    ready.remove(expected);
    expected++;
    done = chunk.last();
    room.release();
    return overtaken.end(chunk);
  }

  /** Whether the last chunk has been handed out. */
  public boolean done() {
    return done;
  }

  /**
   * Roughly how many orders the table has, loaded ones and others, by its statistics; -1 where they
   * do not tell.
   */
  public long estimatedOrders() {
    return plan.estimate();
  }

  private void readAhead(ChunkReader reader) {
    try {
      while (!closed) {
        room.acquire();
        Optional<ChunkSplitter.Part> part = take(reader);
        if (part.isEmpty()) {
          return;
        }
        Chunk chunk = reader.read(part.get(), since, overtaken);
        ready.put(chunk.number(), chunk);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException | RuntimeException | Error e) {
      if (closed) {
        log.debug("Closed while reading", e);
      } else {
        failure = e;
      }
    }
  }

  /** How much of all orders is handed out, from 0 to 1; NaN where statistics do not tell. */
  public double share() {
    return done ? 1 : plan.share(expected);
  }

  private Optional<ChunkSplitter.Part> take(ChunkReader reader)
      throws SQLException, InterruptedException {
    synchronized (plan) {
      return closed ? Optional.empty() : reader.take(plan);
    }
  }

  private static void raise(Throwable cause) throws SQLException {
    if (cause instanceof SQLException failure) {
      throw failure;
    }
    if (cause instanceof RuntimeException failure) {
      throw failure;
    }
    throw (Error) cause;
  }

  /** Ends all reading, also in the middle of a statement. */
  @Override
  public void close() {
    closed = true;
    readers.forEach(ChunkReader::cancel);
    threads.forEach(Thread::interrupt);
    database.close();
    try {
      for (Thread thread : threads) {
        thread.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
