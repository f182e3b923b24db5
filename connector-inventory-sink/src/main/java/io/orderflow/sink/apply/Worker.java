package io.orderflow.sink.apply;

import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.common.trace.LogContext;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that applies batches, one after the other, on a connection of its own. While the
 * database is away it tries the same batch again and again, a batch that is too much at once as
 * halves; a failure that will not go away by itself ends it, and is thrown to Connect by the task's
 * thread.
 */
final class Worker {

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  /** How often a batch may take too long, or too much memory, before it is taken apart. */
  private static final int TRIED_AS_A_WHOLE = 3;

  private final BatchQueue backlog;
  private final BatchApplier transactions;
  private final RetryTracker outage;
  private final SinkMetrics metrics;
  private final Thread thread;

  private volatile @Nullable ConnectException failure;

  private Worker(
      String name,
      BatchQueue backlog,
      BatchApplier transactions,
      RetryTracker outage,
      SinkMetrics metrics) {
    this.backlog = backlog;
    this.transactions = transactions;
    this.outage = outage;
    this.metrics = metrics;
    this.thread = new Thread(LogContext.inherited(this::run), name);
    this.thread.setDaemon(true);
  }

  static Worker start(
      String name,
      BatchQueue backlog,
      BatchApplier transactions,
      RetryTracker outage,
      SinkMetrics metrics) {
    Worker lane = new Worker(name, backlog, transactions, outage, metrics);
    lane.thread.start();
    return lane;
  }

  BatchQueue backlog() {
    return backlog;
  }

  /** Why the lane has ended before it was closed. */
  Optional<ConnectException> failure() {
    return Optional.ofNullable(failure);
  }

  private void run() {
    try {
      while (true) {
        List<ParsedRecord> batch = backlog.take();
        List<BadRecord> refused = new ArrayList<>();
        metrics.begun(this, batch);
        apply(batch, refused);
        metrics.finished(this, batch, refused.size());
        backlog.finish(refused);
      }
    } catch (InterruptedException closed) {
      LOG.debug("{} is closed", thread.getName());
    } catch (ConnectException e) {
      failure = e;
    } catch (RuntimeException | Error e) {
      failure = new ConnectException("Applying records failed unexpectedly", e);
    } finally {
      backlog.close();
    }
  }

  private void apply(List<ParsedRecord> batch, List<BadRecord> refused)
      throws InterruptedException {
    int tooMuchAtOnce = 0;
    while (true) {
      try {
        refused.addAll(transactions.apply(batch));
        outage.succeeded();
        return;
      } catch (SQLException e) {
        Duration wait = failed(e);
        if (SqlFailures.isTooMuchAtOnce(e)
            && ++tooMuchAtOnce == TRIED_AS_A_WHOLE
            && batch.size() > 1) {
          LOG.warn(
              "{} records at once are too much for the server ({}); they are applied as halves",
              batch.size(),
              e.getMessage());
          int middle = batch.size() / 2;
          apply(batch.subList(0, middle), refused);
          apply(batch.subList(middle, batch.size()), refused);
          return;
        }
        Thread.sleep(wait.toMillis());
      }
    }
  }

  /** Notes a failed attempt, and returns how long to wait before the next. */
  private Duration failed(SQLException failure) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("closed while a transaction was under way");
    }
    if (SqlFailures.classify(failure) != FailureClass.TRANSIENT) {
      throw TableBootstrap.refused(failure);
    }
    return outage.failed(failure);
  }

  /** Tells the lane to end, and does not wait for it. */
  void end() {
    backlog.close();
    thread.interrupt();
  }

  /**
   * @param deadline as {@link System#nanoTime} counts
   */
  void awaitEnd(long deadline) {
    try {
      // 0 would wait for ever.
      thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
