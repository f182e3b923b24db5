package io.orderflow.source.log.snapshot;

import io.orderflow.common.database.Database;
import io.orderflow.common.trace.LogContext;
import io.orderflow.source.log.snapshot.ChunkSplitter.ChunkRange;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.read.RowCondition;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.DecimalHandling;
import io.orderflow.source.schema.OrderSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.utils.ExponentialBackoff;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The initial snapshot, beside the stream. Several threads read chunks ahead. A chunk is emitted
 * once the stream has emitted all that the chunk's snapshot shows, so that whatever the stream
 * contains afterwards is newer. One thread notes streamed orders, takes chunks and closes.
 */
public final class InitialSnapshot implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(InitialSnapshot.class);
  private static final long CLOSE_TIMEOUT_SECONDS = 10;

  /** Checks each server that a reader connects to, before it reads. */
  @FunctionalInterface
  public interface ServerCheck {

    /** Throws if nothing may be read from this server. */
    void check(Connection connection) throws SQLException;
  }

  private final Database database;
  private final TransactionSnapshot since;
  private final ChunkSplitter splitter;
  private final ChunkWindow window;
  private final Semaphore room;
  private final Map<Long, Chunk> read = new ConcurrentHashMap<>();
  private final List<ChunkReader> readers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  private long nextChunk;
  private boolean complete;
  private volatile boolean closed;
  private volatile @Nullable Throwable failure;

  private InitialSnapshot(
      SnapshotSettings settings,
      Database database,
      TransactionSnapshot since,
      @Nullable String reached) {
    this.database = database;
    this.since = since;
    this.splitter = new ChunkSplitter(settings.tables(), settings.chunkSize(), reached);
    this.window = new ChunkWindow(since);
    this.room = new Semaphore(settings.threads() + 1);
  }

  /**
   * Starts to read.
   *
   * @param database a pool of REPEATABLE READ transactions with a connection for each thread;
   *     closed with the snapshot
   * @param since the stream contains every transaction that this snapshot does not show
   * @param reached the last order ID that was emitted, as text; null to start with the first
   */
  public static InitialSnapshot start(
      SnapshotSettings settings,
      Database database,
      TransactionSnapshot since,
      @Nullable String reached,
      ServerCheck serverCheck) {
    InitialSnapshot snapshot = new InitialSnapshot(settings, database, since, reached);
    for (int i = 1; i <= settings.threads(); i++) {
      ChunkReader reader = new ChunkReader(settings, database, serverCheck);
      Thread thread =
          new Thread(
              LogContext.inherited(() -> snapshot.readAhead(reader)), "orderflow-snapshot-" + i);
      thread.setDaemon(true);
      snapshot.readers.add(reader);
      snapshot.threads.add(thread);
    }
    snapshot.threads.forEach(Thread::start);
    return snapshot;
  }

  /**
   * Notes an order in the stream. Must come before {@link #next} with an offset past its
   * transaction.
   *
   * @param xid lower 32 bits of the transaction's ID
   */
  public void orderStreamed(long xid, Object orderId) {
    window.orderStreamed(xid, orderId);
  }

  /**
   * The events of the next chunk, without the orders that the stream contains; does not wait.
   *
   * @param offset how far the stream is emitted
   * @return empty if no chunk can be emitted yet, and once {@link #isComplete}
   * @throws SQLException if reading cannot continue; unchecked exceptions of the readers too
   */
  public Optional<ChunkEvents> next(Map<String, Object> partition, LogOffset offset)
      throws SQLException {
    throwFailure();
    Chunk chunk = read.get(nextChunk);
    if (chunk == null || chunk.highWatermark().isAfter(offset.lsn())) {
      return Optional.empty();
    }
    read.remove(nextChunk);
    nextChunk++;
    complete = chunk.isLast();
    room.release();
    ChunkEvents events = ChunkEvents.of(window.deduplicate(chunk), partition, offset);
    if (complete) {
      log.info("The initial snapshot is complete");
    }
    return Optional.of(events);
  }

  /** Whether the last chunk has been taken. */
  public boolean isComplete() {
    return complete;
  }

  /** Estimates the share of all orders that is taken, from 0 to 1; NaN without statistics. */
  public double share() {
    return complete ? 1 : splitter.share(nextChunk);
  }

  private void readAhead(ChunkReader reader) {
    try {
      while (!closed) {
        room.acquire();
        Optional<ChunkRange> range = take(reader);
        if (range.isEmpty()) {
          return;
        }
        Chunk chunk = reader.read(range.get(), since, window);
        read.put(chunk.number(), chunk);
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

  private Optional<ChunkRange> take(ChunkReader reader) throws SQLException, InterruptedException {
    synchronized (splitter) {
      return closed ? Optional.empty() : reader.take(splitter);
    }
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

  /** Ends all reading, even within a statement. */
  @Override
  public void close() {
    closed = true;
    readers.forEach(ChunkReader::cancel);
    threads.forEach(Thread::interrupt);
    database.close();
    try {
      for (Thread thread : threads) {
        thread.join(TimeUnit.SECONDS.toMillis(CLOSE_TIMEOUT_SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Which orders the initial snapshot reads, and how.
   *
   * @param threads how many chunks are read at the same time, each on a connection of its own
   * @param chunkSize the maximum number of orders of a chunk
   * @param tableFiles see {@link io.orderflow.source.catalog.TableFiles}, when the stream began;
   *     null if unknown
   * @param condition that the orders meet
   */
  public record SnapshotSettings(
      CapturedTables tables,
      DecimalHandling decimals,
      int threads,
      int chunkSize,
      ExponentialBackoff backoff,
      @Nullable String tableFiles,
      Function<OrderSchema, RowCondition> condition) {}
}
