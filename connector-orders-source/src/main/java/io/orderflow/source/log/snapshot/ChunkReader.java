package io.orderflow.source.log.snapshot;

import io.orderflow.common.database.Database;
import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.source.catalog.TableFiles;
import io.orderflow.source.event.OrderSnapshot;
import io.orderflow.source.log.snapshot.ChunkSplitter.ChunkRange;
import io.orderflow.source.log.snapshot.InitialSnapshot.SnapshotSettings;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.read.OrderSnapshotReader;
import io.orderflow.source.read.OrderSnapshotReaders;
import io.orderflow.source.read.ReadPoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads chunks, each in a short transaction, and retries while the database is unavailable. For one
 * thread; any thread may cancel.
 */
final class ChunkReader {

  private static final Logger log = LoggerFactory.getLogger(ChunkReader.class);

  private final SnapshotSettings settings;
  private final Database database;
  private final InitialSnapshot.ServerCheck serverCheck;
  private final OrderSnapshotReaders readers;
  private final RetryTracker retries;
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final BusyConnection busy = new BusyConnection();

  private boolean serverIsChecked;
  private boolean rewriteIsLogged;

  ChunkReader(
      SnapshotSettings settings, Database database, InitialSnapshot.ServerCheck serverCheck) {
    this.settings = settings;
    this.database = database;
    this.serverCheck = serverCheck;
    this.readers = new OrderSnapshotReaders(settings.tables(), settings.decimals());
    this.retries =
        new RetryTracker(
            log,
            "Initial snapshot of " + settings.tables().orders(),
            settings.backoff(),
            InstantSource.system(),
            RetryTracker.Listener.NONE);
  }

  /** Takes the next range. No other thread may use the splitter at the same time. */
  Optional<ChunkRange> take(ChunkSplitter splitter) throws SQLException, InterruptedException {
    Optional<ChunkRange> next =
        transaction(
            () -> {}, (connection, reader) -> splitter.findNext(connection, reader.schema()));
    next.ifPresent(splitter::advance);
    return next;
  }

  /**
   * Reads a chunk without the orders that were written after a snapshot, since the stream contains
   * them. If a table was rewritten after that snapshot, its rows no longer show when they were
   * written: then the chunk contains all orders, and some that the stream has emitted are emitted
   * again.
   */
  Chunk read(ChunkRange range, TransactionSnapshot since, ChunkWindow window)
      throws SQLException, InterruptedException {
    return transaction(
        () -> window.open(range.number()),
        (connection, reader) -> {
          ReadPoint point = readers.readPoint();
          window.snapshotTaken(point.snapshot());
          List<OrderSnapshot> orders =
              reader.inRange(
                  connection,
                  range.range(),
                  settings.condition().apply(reader.schema()),
                  isRewritten(connection, since, point.snapshot())
                      ? xid -> false
                      : xid -> since.isWrittenSince(xid, point.snapshot()));
          return new Chunk(
              range.number(),
              point.snapshot(),
              point.highWatermark(),
              readers.readAt(),
              reader.schema(),
              orders,
              range.range().upTo());
        });
  }

  private boolean isRewritten(
      Connection connection, TransactionSnapshot since, TransactionSnapshot now)
      throws SQLException {
    String before = settings.tableFiles();
    boolean rewritten =
        before != null
            && TableFiles.areRewritten(connection, settings.tables(), before, since, now);
    if (rewritten && !rewriteIsLogged) {
      rewriteIsLogged = true;
      log.warn(
          "A table of {} was rewritten during the initial snapshot; orders that have changed since its"
              + " start may be emitted again with the same version",
          settings.tables().orders());
    }
    return rewritten;
  }

  /** The work of a transaction, after the tables are locked. */
  @FunctionalInterface
  private interface Work<T> {
    T run(Connection connection, OrderSnapshotReader reader) throws SQLException;
  }

  /** Runs {@code before} ahead of each attempt, before the transaction's snapshot is taken. */
  private <T> T transaction(Runnable before, Work<T> work)
      throws SQLException, InterruptedException {
    while (true) {
      try {
        before.run();
        T result = database.transaction(connection -> locked(connection, work));
        retries.succeeded();
        return result;
      } catch (SQLException e) {
        if (cancelled.getCount() == 0 || SqlFailures.classify(e) != FailureClass.TRANSIENT) {
          throw e;
        }
        serverIsChecked = false;
        readers.forgetSchema();
        Duration wait = retries.failed(e);
        if (cancelled.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
          throw e;
        }
      }
    }
  }

  private <T> T locked(Connection connection, Work<T> work) throws SQLException {
    busy.set(connection);
    try {
      OrderSnapshotReader reader = readers.open(connection);
      if (!serverIsChecked) {
        serverCheck.check(connection);
        serverIsChecked = true;
      }
      return work.run(connection, reader);
    } finally {
      busy.clear();
    }
  }

  /** Cancels the current statement, and ends all retries. */
  void cancel() {
    cancelled.countDown();
    busy.cancel();
  }
}
