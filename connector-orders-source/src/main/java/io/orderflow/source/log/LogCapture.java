package io.orderflow.source.log;

import io.orderflow.source.capture.BackgroundStep;
import io.orderflow.source.capture.Capture;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.event.EmittedEvent;
import io.orderflow.source.handover.HandoverToLog;
import io.orderflow.source.log.change.DeferredVersions;
import io.orderflow.source.metrics.SourceMetrics;
import io.orderflow.source.metrics.SourceMetrics.Phase;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.record.EventRecords;
import io.orderflow.source.record.Heartbeats;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;
import org.jspecify.annotations.Nullable;

/** Captures all orders from the log: each poll emits whole transactions, or a snapshot chunk. */
public final class LogCapture implements Capture {

  private final LogSessionFactory sessions;
  private final BackgroundStep<LogSessionFactory.Opened> opening;
  private final EventRecords records;
  private final Heartbeats heartbeats;
  private final CommitTracker commits = new CommitTracker();
  private final TransactionBoundaries boundaries;
  private final TransactionCadence cadence = new TransactionCadence(System::nanoTime);
  private final SourceMetrics metrics;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** The end of the emitted events; null until the first session opens, unless it was stored. */
  private @Nullable LogOffset offset;

  /** The offset that was stored when the task started, until the slot is confirmed to it. */
  private @Nullable LogOffset stored;

  private DeferredVersions deferred = DeferredVersions.NONE;

  /** Null before the first poll, and after each failure. */
  private volatile @Nullable LogSession session;

  private volatile double retainedWalBytes = Double.NaN;

  /**
   * Connects to nothing yet.
   *
   * @param transactions null if Connect, and not the connector, defines the Kafka transactions
   * @param clock measures the duration of Kafka transactions
   */
  public LogCapture(
      OrdersSourceConfig config,
      HandoverToLog handover,
      @Nullable TransactionContext transactions,
      SourceMetrics metrics,
      InstantSource clock) {
    this.metrics = metrics;
    this.offset = handover.resumed();
    this.stored = offset;
    this.sessions = new LogSessionFactory(config, handover, metrics);
    this.opening =
        new BackgroundStep<>(
            "orderflow-orders-source %s opening".formatted(config.name()),
            opened -> opened.session().close());
    this.boundaries =
        new TransactionBoundaries(
            transactions,
            TransactionBoundaries.MAX_BATCHES * config.capture().batchMaxOrders(),
            clock);
    this.records = new EventRecords(config, metrics::markerEmitted);
    this.heartbeats = Heartbeats.ofLog(config, handover.mustStoreStart());
    metrics.lagOrders(() -> figure(LogSession::lagOrders));
    metrics.log(this::retainedWalBytes, () -> figure(LogSession::queuedTransactions));
  }

  @Override
  public Polled poll() throws SQLException, InterruptedException {
    Optional<LogSession> open = session();
    if (open.isEmpty()) {
      pollSkipped();
      return Polled.pending();
    }
    LogSession current = open.get();
    letChangesGather(current);
    Emission emission = current.next(Optional.ofNullable(offset).orElseThrow(), deferred);
    List<SourceRecord> next = toRecords(emission);
    offset = emission.offset();
    deferred = boundaries.sent(next.size(), position(), emission.deferred());
    metrics.emitted(emission.events());
    cadence.pollReturns(next.size());
    if (next.isEmpty()) {
      // Never with records, even a heartbeat: if the query failed, they would be lost.
      current.caughtUpWith().ifPresent(metrics::capturedUpTo);
    } else {
      updateLag(emission.events());
    }
    return new Polled(next, Pace.AT_ONCE);
  }

  /** The open session; empty while its slot waits for long transactions. */
  private Optional<LogSession> session() throws SQLException, InterruptedException {
    if (session == null) {
      LogOffset from = offset;
      opening.await(() -> sessions.open(from)).ifPresent(this::begin);
    }
    return Optional.ofNullable(session);
  }

  private void begin(LogSessionFactory.Opened opened) {
    commits.reset();
    offset = opened.offset();
    session = opened.session();
    acknowledgeStored(opened.session());
    if (stopped.getCount() == 0) {
      opened.session().close();
    }
  }

  /**
   * The slot may be behind the stored offset. Only that one is acknowledged: a later session starts
   * where capture has come to, of which less may be stored.
   */
  private void acknowledgeStored(LogSession current) {
    LogOffset atStart = stored;
    if (atStart != null) {
      current.acknowledge(atStart.lsn());
      stored = null;
    }
  }

  private void letChangesGather(LogSession current) throws InterruptedException {
    Duration wait = cadence.pollBegins(current.lagOrders());
    if (!wait.isZero()) {
      stopped.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private List<SourceRecord> toRecords(Emission emission) {
    List<EmittedEvent> events = emission.events();
    LogOffset end = emission.offset();
    if (events.isEmpty()) {
      return heartbeats.isDue(end) ? List.of(heartbeats.record(partition(end, 1), end)) : List.of();
    }
    long began = System.nanoTime();
    heartbeats.offsetSent();
    Map<String, Object> partition = partition(emission.recorded(), events.size());
    List<SourceRecord> next = records.of(emission.schema(), events, partition);
    metrics.took(Phase.RECORDS, began);
    return next;
  }

  private Map<String, Object> partition(LogOffset recorded, int count) {
    return commits.register(sessions.partition(), recorded.lsn(), count);
  }

  private TransactionBoundaries.Position position() {
    LogOffset current = offset;
    return current == null || current.isAtTransactionBoundary()
        ? TransactionBoundaries.Position.AT_BOUNDARY
        : TransactionBoundaries.Position.WITHIN_TRANSACTION;
  }

  private void updateLag(List<EmittedEvent> events) {
    if (!events.isEmpty()) {
      Long committedAt = events.get(events.size() - 1).event().committedAt();
      if (committedAt != null) {
        metrics.capturedUpTo(committedAt);
      }
    }
  }

  /** The last known value, since an unavailable server reports none. */
  private double retainedWalBytes() {
    LogSession current = session;
    if (current != null && current.retainedWalBytes() != SlotMonitor.UNKNOWN) {
      retainedWalBytes = current.retainedWalBytes();
    }
    return retainedWalBytes;
  }

  private double figure(ToDoubleFunction<LogSession> value) {
    LogSession current = session;
    return current == null ? Double.NaN : value.applyAsDouble(current);
  }

  /**
   * Commits a Kafka transaction that has become too long: Connect also commits after a poll that
   * returns no records.
   */
  @Override
  public void pollSkipped() {
    deferred = boundaries.sent(0, position(), deferred);
  }

  @Override
  public void disconnect() {
    LogSession failed = session;
    if (failed != null) {
      failed.close();
      session = null;
    }
  }

  @Override
  public void delivered(SourceRecord record) {
    commits.delivered(record.sourcePartition());
  }

  @Override
  public void committed() {
    LogSession current = session;
    commits
        .committed()
        .ifPresent(
            lsn -> {
              if (current != null) {
                current.acknowledge(lsn);
              }
            });
  }

  @Override
  public void stop() {
    stopped.countDown();
    opening.abandon();
    LogSession current = session;
    if (current != null) {
      current.close();
    }
  }

  @Override
  public void close() {
    stop();
    sessions.close();
    metrics.close();
  }
}
