package io.orderflow.sink.apply;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.common.trace.LogContext;
import io.orderflow.sink.warehouse.Catalog;
import io.orderflow.sink.warehouse.ExpirySweep;
import io.orderflow.sink.warehouse.StockScale;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that releases reservations whose time is over. Each task has one; a lock of the database
 * lets one of them work at a time. Between two sweeps it holds no connection. A failure that no
 * retry can overcome ends it; the task's thread then throws that failure to Connect.
 */
final class ExpirySweeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ExpirySweeper.class);

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** How often a sweep is repeated without a pause while other transactions are faster. */
  private static final int MAX_ATTEMPTS_AT_ONCE = 5;

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final SinkSettings settings;
  private final Database database;
  private final AppliedTime applied;
  private final RetryTracker retries;
  private final SinkMetrics metrics;
  private final Thread thread;
  private int conflicts;

  /** Null until the type of order IDs is known. */
  private @Nullable ExpirySweep sweep;

  private @Nullable TablesWatch tables;

  private volatile @Nullable ConnectException failure;

  private ExpirySweeper(
      String name,
      SinkSettings settings,
      Database database,
      AppliedTime applied,
      RetryTracker retries,
      SinkMetrics metrics) {
    this.settings = settings;
    this.database = database;
    this.applied = applied;
    this.retries = retries;
    this.metrics = metrics;
    this.thread = new Thread(LogContext.inherited(this::run), name);
    this.thread.setDaemon(true);
  }

  /**
   * Starts the thread.
   *
   * @param name of the thread
   */
  static ExpirySweeper start(
      String name,
      SinkSettings settings,
      Database database,
      AppliedTime applied,
      RetryTracker retries,
      SinkMetrics metrics) {
    ExpirySweeper sweeper = new ExpirySweeper(name, settings, database, applied, retries, metrics);
    sweeper.thread.start();
    return sweeper;
  }

  /**
   * Checks that the thread runs.
   *
   * @throws ConnectException that has ended it
   */
  void check() {
    ConnectException ended = failure;
    if (ended != null) {
      throw ended;
    }
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(sweep().toMillis());
      }
    } catch (InterruptedException closed) {
      LOG.debug("{} is closed", thread.getName());
    } catch (ConnectException e) {
      failure = e;
    } catch (RuntimeException | Error e) {
      failure = new ConnectException("Releasing expired reservations failed unexpectedly", e);
    }
  }

  /** Sweeps once, and returns the wait until the next time. */
  private Duration sweep() throws InterruptedException {
    Optional<Instant> due = applied.upTo();
    if (due.isEmpty()) {
      return INTERVAL;
    }
    try {
      ExpirySweep current = sweep == null ? open() : sweep;
      if (current == null) {
        return INTERVAL;
      }
      ExpirySweep.Result result = current.release(due.get());
      metrics.expiry().swept(result);
      conflicts = 0;
      retries.succeeded();
      return result.mayLeaveMore() ? Duration.ZERO : INTERVAL;
    } catch (SQLException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("closed during a transaction");
      }
      return waitAfter(e);
    }
  }

  /** Null while tables are missing, which the first record creates or rejects. */
  private @Nullable ExpirySweep open() throws SQLException {
    Catalog catalog = new Catalog(settings.tables());
    Optional<KnownTables> known =
        database.transaction(connection -> readTables(catalog, connection));
    if (known.isPresent()) {
      KnownTables found = known.get();
      sweep =
          new ExpirySweep(
              database, settings.tables(), found.orderIds(), found.scale(), settings.rules());
      tables = new TablesWatch(database, catalog, found);
    }
    return sweep;
  }

  private Optional<KnownTables> readTables(Catalog catalog, Connection connection)
      throws SQLException {
    if (!catalog.readMissing(connection).isEmpty()) {
      return Optional.empty();
    }
    try {
      Optional<OrderIdType> type = catalog.readOrderIdType(connection);
      return type.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new KnownTables(
                  type.get(),
                  catalog.readTypes(connection),
                  new StockScale(settings.tables())
                      .guard(connection, settings.itemRules().scale())));
    } catch (IllegalStateException e) {
      throw new ConnectException(e.getMessage(), e);
    }
  }

  private Duration waitAfter(SQLException e) {
    if (SqlFailures.classify(e) == FailureClass.TRANSIENT) {
      if (SqlFailures.isConflict(e) && ++conflicts < MAX_ATTEMPTS_AT_ONCE) {
        metrics.repeatedAtOnce();
        return Duration.ZERO;
      }
      conflicts = 0;
      return retries.failed(e);
    }
    TablesWatch watch = tables;
    if (watch != null && watch.haveChanged()) {
      sweep = null;
      return INTERVAL;
    }
    throw UnusableWarehouseException.ofSweep(e);
  }

  /** Requests the thread to end, without waiting for it. */
  void requestEnd() {
    thread.interrupt();
  }

  /** Ends the thread; closing the connection pool cuts off a transaction that takes longer. */
  @Override
  public void close() {
    requestEnd();
    try {
      TimeUnit.MILLISECONDS.timedJoin(thread, CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
