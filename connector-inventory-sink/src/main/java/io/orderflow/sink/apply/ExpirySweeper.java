package io.orderflow.sink.apply;

import io.orderflow.common.database.Database;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.common.trace.LogContext;
import io.orderflow.sink.warehouse.Catalog;
import io.orderflow.sink.warehouse.ChangedScaleException;
import io.orderflow.sink.warehouse.ExpirySweep;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
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

  private static final String CHANGED_COLUMNS = "columns of the warehouse's tables have changed";

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final SinkSettings settings;
  private final Database database;
  private final TableBootstrap bootstrap;
  private final AppliedTime applied;
  private final RetryTracker retries;
  private final SinkMetrics metrics;
  private final Thread thread;
  private final SweepAttempts attempts = new SweepAttempts();
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Null until the type of order IDs is known. */
  private @Nullable ExpirySweep sweep;

  private @Nullable TablesWatch tables;

  private volatile @Nullable ConnectException failure;

  private ExpirySweeper(
      String name,
      SinkSettings settings,
      Database database,
      TableBootstrap bootstrap,
      AppliedTime applied,
      RetryTracker retries,
      SinkMetrics metrics) {
    this.settings = settings;
    this.database = database;
    this.bootstrap = bootstrap;
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
      TableBootstrap bootstrap,
      AppliedTime applied,
      RetryTracker retries,
      SinkMetrics metrics) {
    ExpirySweeper sweeper =
        new ExpirySweeper(name, settings, database, bootstrap, applied, retries, metrics);
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
      Duration wait = sweep();
      while (!ended.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        wait = sweep();
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
      return current == null ? INTERVAL : release(current, due.get());
    } catch (ChangedScaleException changed) {
      return readAgain("the decimals of quantities in the warehouse's tables have changed");
    } catch (ClassCastException unexpectedType) {
      // A column that is read as another type.
      if (haveTablesChanged()) {
        return readAgain(CHANGED_COLUMNS);
      }
      throw unexpectedType;
    } catch (SQLException failed) {
      if (Thread.interrupted()) {
        throw new InterruptedException("closed during a transaction");
      }
      return waitAfter(failed);
    }
  }

  private Duration release(ExpirySweep current, Instant due) throws SQLException {
    ExpirySweep.Result result = current.release(due, attempts.maxOrders());
    metrics.expiry().swept(result);
    attempts.succeeded();
    retries.succeeded();
    return result.mayLeaveMore() ? Duration.ZERO : INTERVAL;
  }

  /** Null while tables are missing, which the first record creates or rejects. */
  private @Nullable ExpirySweep open() throws SQLException {
    Optional<KnownTables> known = bootstrap.readTables();
    if (known.isPresent()) {
      KnownTables found = known.get();
      sweep =
          new ExpirySweep(
              database, settings.tables(), found.orderIds(), found.scale(), settings.rules());
      tables = new TablesWatch(database, new Catalog(settings.tables()), found);
    }
    return sweep;
  }

  private Duration waitAfter(SQLException failed) {
    SweepAttempts.Next next = attempts.next(failed);
    return switch (next) {
      case REPEAT_AT_ONCE -> {
        metrics.repeatedAtOnce();
        yield Duration.ZERO;
      }
      case REPEAT_LATER -> retries.failed(failed);
      case HALVE, STOP -> {
        if (haveTablesChanged()) {
          yield readAgain(CHANGED_COLUMNS);
        }
        if (next == SweepAttempts.Next.HALVE) {
          yield Duration.ZERO;
        }
        throw UnusableWarehouseException.ofSweep(soleOrder(), failed);
      }
    };
  }

  private Optional<Object> soleOrder() {
    return sweep == null ? Optional.empty() : sweep.soleOrder();
  }

  private boolean haveTablesChanged() {
    return tables != null && tables.haveChanged();
  }

  /** As the workers do: the tables are read again, and if they do not fit, the task stops. */
  private Duration readAgain(String change) {
    LOG.warn("{}; the tables are read again before reservations are released", change);
    sweep = null;
    return INTERVAL;
  }

  /** Requests the thread to end, without waiting for it. */
  void requestEnd() {
    ended.countDown();
    // A transaction is ended, too.
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
