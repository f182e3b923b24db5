package io.orderflow.source.log;

import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.source.capture.Capture;
import io.orderflow.source.capture.Pause;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.log.change.UnusableLogException;
import io.orderflow.source.metrics.Phase;
import io.orderflow.source.metrics.SourceMetrics;
import io.orderflow.source.read.UnreadableValueException;
import io.orderflow.source.record.EventRecords;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.utils.ExponentialBackoff;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures all orders from the log: each poll tells whole transactions, and a chunk of the load.
 */
public final class LogCapture implements Capture {

  private static final Logger log = LoggerFactory.getLogger(LogCapture.class);
  private static final ExponentialBackoff OUTAGE_BACKOFF =
      RetryTracker.backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

  /**
   * Each poll that yields something is a Kafka transaction, whose fixed cost is milliseconds of
   * CPU: what changes meanwhile goes into the next. And the producer's sender has come to rest by
   * then, which keeps a commit from overtaking its records (ADR 0006).
   */
  private static final Duration BETWEEN_TRANSACTIONS = Duration.ofMillis(2);

  private final OrdersSourceConfig config;
  private final LogSessionFactory start;
  private final SourceMetrics metrics;
  private final EventRecords records;
  private final Heartbeat heartbeat;
  private final CommitTracker confirmations = new CommitTracker();
  private final TransactionBoundaries transactions;
  private final RetryTracker outage;
  private final Pause pause;

  /** Null until it runs, and after each failure. */
  private volatile @Nullable LogSession running;

  private volatile double lastHeldBack = Double.NaN;

  /**
   * Ready to poll; connects to nothing yet.
   *
   * @param transactions where the connector says which records make a Kafka transaction; null where
   *     Connect does
   * @param clock says how long a Kafka transaction has lasted
   */
  public LogCapture(
      OrdersSourceConfig config,
      LogSessionFactory start,
      @Nullable TransactionContext transactions,
      SourceMetrics metrics,
      InstantSource clock) {
    this.config = config;
    this.metrics = metrics;
    this.start = start;
    this.transactions =
        new TransactionBoundaries(
            transactions,
            start.owed(),
            TransactionBoundaries.MOST_BATCHES * config.capture().batchMaxOrders(),
            clock);
    this.records = new EventRecords(config.tables(), config.events().topic());
    this.heartbeat = new Heartbeat(config.log(), config.capture().fromNow() && start.isFirst());
    heartbeat.warnOfMissingTopic(config.originalsStrings());
    this.outage =
        new RetryTracker(
            log,
            "Capture of " + config.tables().orders() + " from the log",
            OUTAGE_BACKOFF,
            InstantSource.system(),
            metrics.outages());
    this.pause = new Pause(config.capture().pollInterval());
    metrics.waiting(() -> ofRun(LogSession::waitingOrders));
    metrics.log(this::heldBack, () -> ofRun(LogSession::waiting));
  }

  /** What was seen last: a server that is away says nothing. */
  private double heldBack() {
    LogSession run = running;
    if (run != null && run.heldBack() >= 0) {
      lastHeldBack = run.heldBack();
    }
    return lastHeldBack;
  }

  private double ofRun(ToDoubleFunction<LogSession> value) {
    LogSession run = running;
    return run == null ? Double.NaN : value.applyAsDouble(run);
  }

  @Override
  public @Nullable List<SourceRecord> poll() {
    if (!pause.passed()) {
      // Connect asks now as well whether the Kafka transaction ends: it may have lasted long
      // enough.
      transactions.sending(0, isBetween());
      return null;
    }
    try {
      LogSession run = running();
      List<LogEvents.Group> groups = run.next();
      outage.succeeded();
      long began = System.nanoTime();
      List<SourceRecord> next = toRecords(run, groups);
      measure(run, groups, began);
      if (!next.isEmpty()) {
        pause.of(BETWEEN_TRANSACTIONS);
      }
      if (run.isEnding()) {
        start.owed().forget();
      }
      transactions.sending(next.size(), run.isBetween());
      return next.isEmpty() ? null : next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (SQLException e) {
      return failed(e);
    } catch (UnusableTablesException e) {
      throw new ConnectException(e.key() + ": " + e.getMessage(), e);
    } catch (UnreadableValueException | UnusableLogException e) {
      throw new ConnectException(config.tables().orders() + ": " + e.getMessage(), e);
    }
  }

  private void measure(LogSession run, List<LogEvents.Group> groups, long began) {
    if (groups.isEmpty()) {
      if (run.isBetween() && run.waiting() == 0) {
        metrics.capturedUpTo(System.currentTimeMillis());
      }
      return;
    }
    metrics.took(Phase.RECORDS, began);
    List<OrderEvent> events = groups.stream().flatMap(group -> group.events().stream()).toList();
    metrics.told(events);
    Long committedAt = events.get(events.size() - 1).committedAt();
    if (committedAt != null) {
      metrics.capturedUpTo(committedAt);
    }
  }

  private LogSession running() throws SQLException {
    LogSession known = running;
    if (known != null) {
      return known;
    }
    confirmations.forget();
    LogSession opened = start.open();
    running = opened;
    if (pause.isOver()) {
      opened.close();
    }
    return opened;
  }

  private List<SourceRecord> toRecords(LogSession run, List<LogEvents.Group> groups) {
    List<SourceRecord> next = new ArrayList<>();
    int count = groups.stream().mapToInt(group -> group.events().size()).sum();
    if (count > 0) {
      heartbeat.beaten();
      var partition = confirmations.sending(start.partition(), run.position().lsn(), count);
      groups.forEach(group -> next.addAll(records.of(group.layout(), group.events(), partition)));
    } else if (run.isBetween() && heartbeat.isDue(run.position())) {
      var partition = confirmations.sending(start.partition(), run.position().lsn(), 1);
      next.add(heartbeat.record(partition, run.position()));
    }
    return next;
  }

  private @Nullable List<SourceRecord> failed(SQLException failure) {
    if (pause.isOver()) {
      log.debug("Stopped while reading", failure);
      return null;
    }
    if (SqlFailures.classify(failure) != FailureClass.TRANSIENT) {
      throw new ConnectException(
          "Capture of %s from the log cannot go on: %s"
              .formatted(config.tables().orders(), failure.getMessage()),
          failure);
    }
    LogSession run = running;
    if (run != null) {
      start.from(run.position());
      run.close();
      running = null;
    }
    pause.of(outage.failed(failure));
    transactions.sending(0, isBetween());
    return null;
  }

  private boolean isBetween() {
    LogSession run = running;
    return run == null ? start.isBetween() : run.isBetween();
  }

  @Override
  public void delivered(SourceRecord record) {
    confirmations.delivered(record.sourcePartition());
  }

  @Override
  public void committed() {
    LogSession run = running;
    long lsn = confirmations.committed();
    if (run != null && lsn > 0) {
      run.confirm(lsn);
    }
  }

  @Override
  public void stop() {
    pause.end();
    LogSession run = running;
    if (run != null) {
      run.close();
    }
  }

  @Override
  public void close() {
    stop();
    start.close();
    metrics.close();
  }
}
