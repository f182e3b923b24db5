package io.orderflow.source.log.snapshot;

import io.orderflow.common.database.Database;
import io.orderflow.common.failure.ThreadFailure;
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
 * The initial snapshot, which runs beside the stream. Several threads read chunks ahead. A chunk is
 * emitted once all transactions that its snapshot shows are emitted from the stream, so that every
 * later change in the stream is newer. One thread registers streamed orders and takes chunks; any
 * thread may close.
 */
public final class InitialSnapshot implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(InitialSnapshot.class);
  private static final long CLOSE_TIMEOUT_SECONDS = 10;

  /** Checks each server that a reader connects to, before it reads orders. */
  @FunctionalInterface
  public interface ServerCheck {

    /** Throws if no orders may be read from this server. */
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
    this.window = new ChunkWindow(since, settings.streamHasAllRows());
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
   * Registers an order of the stream. Must be called before {@link #next} with an offset after its
   * transaction.
   *
   * @param xid lower 32 bits of the transaction's ID
   */
  public void orderStreamed(long xid, Object orderId) {
    window.orderStreamed(xid, orderId);
  }

  /**
   * The events of the next chunk, without the orders that the stream contains. Does not wait.
   *
   * @param offset the end of the events that are emitted from the stream
   * @return empty if no chunk can be emitted yet, and after the last chunk
   * @throws SQLException if a reader has failed; unchecked exceptions of readers are thrown too
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

  /** Estimates the share of all orders whose chunks are taken, from 0 to 1; NaN if unknown. */
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
    if (cause != null) {
      throw ThreadFailure.rethrown(cause);
    }
  }

  /** Ends all readers, and cancels their running statements. */
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
   * The settings of an initial snapshot.
   *
   * @param threads the number of chunks that are read at the same time, each on its own connection
   * @param chunkSize the maximum number of orders of a chunk
   * @param tableFiles the tables' files at the slot's creation, see {@link
   *     io.orderflow.source.catalog.TableFiles}; null if unknown
   * @param streamHasAllRows whether the stream contains every row that is newer than the snapshot's
   *     start; it does not contain those that a partition had when it was attached
   * @param condition the condition that selects the orders
   */
  public record SnapshotSettings(
      CapturedTables tables,
      DecimalHandling decimals,
      int threads,
      int chunkSize,
      ExponentialBackoff backoff,
      @Nullable String tableFiles,
      boolean streamHasAllRows,
      Function<OrderSchema, RowCondition> condition) {}
}
