package io.orderflow.sink.apply;

import io.orderflow.common.database.Database;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.common.trace.LogContext;
import io.orderflow.sink.warehouse.Catalog;
import io.orderflow.sink.warehouse.ChangedScaleException;
import io.orderflow.sink.warehouse.Sweep;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that sweeps every second. Each task has one for each kind of sweep; a lock of the
 * database lets one of them work at a time. Between two sweeps it holds no connection. A failure
 * that no retry can overcome ends it; the task's thread then throws that failure to Connect.
 */
final class Sweeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final String CHANGED_COLUMNS = "columns of the warehouse's tables have changed";

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final SweepKind kind;
  private final SinkSettings settings;
  private final Database database;
  private final TableBootstrap bootstrap;
  private final AppliedTime applied;
  private final RetryTracker retries;
  private final SinkMetrics metrics;
  private final Function<KnownTables, Sweep> opener;
  private final Thread thread;
  private final SweepAttempts attempts = new SweepAttempts();
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Null until the type of order IDs is known. */
  private @Nullable Sweep sweep;

  private @Nullable TablesWatch tables;

  private volatile @Nullable ConnectException failure;

  private Sweeper(
      String name,
      SweepKind kind,
      SinkSettings settings,
      Database database,
      TableBootstrap bootstrap,
      AppliedTime applied,
      SinkMetrics metrics,
      Function<KnownTables, Sweep> opener) {
    this.kind = kind;
    this.opener = opener;
    this.settings = settings;
    this.database = database;
    this.bootstrap = bootstrap;
    this.applied = applied;
    this.retries =
        new RetryTracker(
            LOG, kind.activity(), settings.backoff(), InstantSource.system(), metrics.outages());
    this.metrics = metrics;
    this.thread = new Thread(LogContext.inherited(this::run), name);
    this.thread.setDaemon(true);
  }

  /**
   * Starts the thread.
   *
   * @param name of the thread
   * @param opener makes the sweep of tables that were read
   */
  static Sweeper start(
      String name,
      SweepKind kind,
      SinkSettings settings,
      Database database,
      TableBootstrap bootstrap,
      AppliedTime applied,
      SinkMetrics metrics,
      Function<KnownTables, Sweep> opener) {
    Sweeper sweeper =
        new Sweeper(name, kind, settings, database, bootstrap, applied, metrics, opener);
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
      failure = new ConnectException(kind.activity() + " failed unexpectedly", e);
    }
  }

  /** Sweeps once, and returns the wait until the next time. */
  private Duration sweep() throws InterruptedException {
    if (applied.upTo().isEmpty()) {
      return INTERVAL;
    }
    try {
      Sweep current = sweep == null ? open() : sweep;
      return current == null ? INTERVAL : sweep(current);
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

  private Duration sweep(Sweep current) throws SQLException {
    boolean mayLeaveMore = current.sweep(attempts.maxOrders());
    attempts.succeeded();
    retries.succeeded();
    return mayLeaveMore ? Duration.ZERO : INTERVAL;
  }

  /** Null while tables are missing, which the first record creates or rejects. */
  private @Nullable Sweep open() throws SQLException {
    Optional<KnownTables> known = bootstrap.readTables();
    if (known.isPresent()) {
      KnownTables found = known.get();
      sweep = opener.apply(found);
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
        throw UnusableWarehouseException.ofSweep(kind, soleOrder(), failed);
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
    LOG.warn("{}; the tables are read again before the next sweep", change);
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
