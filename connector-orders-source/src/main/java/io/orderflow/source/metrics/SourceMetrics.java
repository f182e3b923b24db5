package io.orderflow.source.metrics;

import io.orderflow.common.database.Database.PoolUse;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.common.metrics.Counter;
import io.orderflow.common.metrics.Latency;
import io.orderflow.common.metrics.Meter;
import io.orderflow.common.metrics.Metric;
import io.orderflow.common.metrics.OutageMetrics;
import io.orderflow.common.metrics.PoolMetrics;
import io.orderflow.common.metrics.RollingPercentiles;
import io.orderflow.common.metrics.TaskMetrics;
import io.orderflow.common.metrics.Timing;
import io.orderflow.source.event.EmittedEvent;
import io.orderflow.source.event.OrderEvent;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** The metrics of a source task. One thread updates them, once a batch; any may read. */
public final class SourceMetrics implements AutoCloseable {

  private static final Metric EVENTS =
      Metric.meter(
          "events",
          "events",
          "Order events emitted, each one version of an order with its items, by kind: snapshot,"
              + " change or delete.");
  private static final Metric OVERSIZED =
      Metric.counter(
          "oversized-events",
          "events",
          "Orders whose event was larger than `event.max.bytes`, so that a marker event was emitted"
              + " instead; also counted in events.");
  private static final Metric ITEMS =
      Metric.counter("items", "items", "Line items in these events.");
  private static final String LATENCY =
      "From the commit in the source database until the record is handed to Connect. Only changes"
          + " whose commit time is known: in query capture, if the server has"
          + " `track_commit_timestamp`.";
  private static final Metric LAG =
      Metric.gauge(
          "lag-seconds",
          "s",
          "Capture lag: age of the newest commit known to be captured. Increases while the database"
              + " is unavailable, while a transaction holds the horizon, and while capture catches"
              + " up; NaN until it has caught up once.");
  private static final Metric BATCH =
      Metric.distribution("batch-events", "events", "Events of a poll that emits any.");
  private static final Metric PHASE =
      Metric.timing("phase-time-ms", "Time that polls spend in one of their phases.");
  private static final Metric SNAPSHOT_PROGRESS =
      Metric.gauge(
          "snapshot-progress-percent",
          "%",
          "How much of the initial snapshot is emitted, by the table's statistics; 100 once it is"
              + " complete. NaN without statistics, and in query capture if the snapshot was"
              + " resumed after a restart.");
  private static final Metric SNAPSHOT_REMAINING =
      Metric.gauge(
          "snapshot-remaining-seconds",
          "s",
          "Time until the initial snapshot is complete, at its pace so far.");
  private static final Metric HORIZON =
      Metric.gauge(
          "horizon-age-seconds",
          "s",
          "Age of the oldest transaction that is running in the source database's cluster while"
              + " later ones have ended: query capture waits for it. 0 if there is none.");
  private static final Metric LAG_ORDERS =
      Metric.gauge(
          "lag-orders",
          "orders",
          "Orders changed but not yet emitted; a lower bound. Query capture counts up to 100,000 at"
              + " most every 10 seconds; NaN during the initial snapshot and during an outage. Log"
              + " capture: those in transactions that are read ahead.");
  private static final Metric RETAINED_WAL =
      Metric.gauge(
          "retained-wal-bytes",
          "bytes",
          "Log that the server keeps for the slot, checked every 10 seconds. Log capture.");
  private static final Metric QUEUED_TRANSACTIONS =
      Metric.gauge(
          "queued-transactions",
          "transactions",
          "Transactions that are read from the log and not emitted yet. Log capture.");

  private static final double MILLIS = 1_000;

  private final TaskMetrics metrics;
  private final InstantSource clock;
  private final OutageMetrics outages;
  private final Map<OrderEvent.Kind, Meter> events = new EnumMap<>(OrderEvent.Kind.class);
  private final Counter oversized;
  private final Counter items;
  private final Latency latency;
  private final RollingPercentiles batch;
  private final Map<Phase, Timing> phases = new EnumMap<>(Phase.class);
  private final Progress progress;

  /** Milliseconds since the epoch; 0 if unknown. */
  private volatile long capturedUpTo;

  public SourceMetrics(TaskMetrics metrics, InstantSource clock) {
    this.metrics = metrics;
    this.clock = clock;
    for (OrderEvent.Kind kind : OrderEvent.Kind.values()) {
      events.put(kind, metrics.meter(EVENTS, Map.of("kind", kind.label())));
    }
    oversized = metrics.counter(OVERSIZED, Map.of());
    items = metrics.counter(ITEMS, Map.of());
    latency = new Latency(metrics, "capture-latency", LATENCY);
    metrics.gauge(LAG, Map.of(), this::lag);
    batch = metrics.distribution(BATCH, Map.of());
    progress = new Progress(clock);
    metrics.gauge(SNAPSHOT_PROGRESS, Map.of(), progress::percent);
    metrics.gauge(SNAPSHOT_REMAINING, Map.of(), progress::secondsRemaining);
    outages = new OutageMetrics(metrics);
  }

  /** Times these phases from now on. */
  public void phases(Collection<Phase> timed) {
    timed.forEach(
        phase -> phases.put(phase, metrics.timing(PHASE, Map.of("phase", phase.label()))));
  }

  /** Shows the use of a connection pool. */
  public void pool(String name, Supplier<PoolUse> use) {
    PoolMetrics.register(metrics, name, use);
  }

  /** Shows the age of the horizon, in seconds. */
  public void horizonAge(DoubleSupplier seconds) {
    metrics.gauge(HORIZON, Map.of(), seconds);
  }

  /** Shows the number of orders that are changed and not emitted. */
  public void lagOrders(DoubleSupplier orders) {
    metrics.gauge(LAG_ORDERS, Map.of(), orders);
  }

  /** Shows the WAL that the slot retains, and the transactions that are read and not emitted. */
  public void log(DoubleSupplier retainedWalBytes, DoubleSupplier queuedTransactions) {
    metrics.gauge(RETAINED_WAL, Map.of(), retainedWalBytes);
    metrics.gauge(QUEUED_TRANSACTIONS, Map.of(), queuedTransactions);
  }

  public RetryTracker.Listener outages() {
    return outages;
  }

  /** The progress of the initial snapshot. */
  public Progress snapshot() {
    return progress;
  }

  /** Records that a phase ends now, and returns the current {@link System#nanoTime}. */
  public long took(Phase phase, long began) {
    return Objects.requireNonNull(phases.get(phase), "a phase of the other capture").since(began);
  }

  /** Counts a marker event. */
  public void markerEmitted() {
    oversized.add(1);
  }

  /** Records events that are handed to Connect now. */
  public void emitted(List<EmittedEvent> emitted) {
    if (emitted.isEmpty()) {
      return;
    }
    long now = clock.millis();
    long[] latencies = new long[emitted.size()];
    int known = 0;
    long itemCount = 0;
    Map<OrderEvent.Kind, Long> counts = new EnumMap<>(OrderEvent.Kind.class);
    for (EmittedEvent each : emitted) {
      OrderEvent event = each.event();
      counts.merge(event.kind(), 1L, Long::sum);
      itemCount += event.items().size();
      Long committedAt = event.committedAt();
      if (committedAt != null && event.kind() != OrderEvent.Kind.SNAPSHOT) {
        latencies[known++] = now - committedAt;
      }
    }
    counts.forEach((kind, count) -> Objects.requireNonNull(events.get(kind)).add(count));
    items.add(itemCount);
    latency.add(latencies, known);
    batch.add(emitted.size());
  }

  /**
   * Records that everything committed before a time is captured; a time before the last one is
   * ignored.
   *
   * @param millis since the epoch
   */
  public void capturedUpTo(long millis) {
    capturedUpTo = Math.max(capturedUpTo, millis);
  }

  private double lag() {
    long known = capturedUpTo;
    return known == 0 ? Double.NaN : Math.max(0, clock.millis() - known) / MILLIS;
  }

  @Override
  public void close() {
    metrics.close();
  }

  /** The timed parts of a poll. */
  public enum Phase {
    /** Query capture: the statement for the orders, and reading its rows. */
    ORDERS("orders"),
    /** Query capture: the statement for their items, and reading its rows. */
    ITEMS("items"),
    /** Log capture: looking up orders whose state does not follow from the log. */
    LOOK_UP("look-up"),
    /** Log capture: resolving transactions to events, look-ups included. */
    RESOLVE("resolve"),
    /** Log capture: emitting a chunk of the initial snapshot. */
    CHUNK("chunk"),
    /** Creating records for Connect. */
    RECORDS("records");

    private final String label;

    Phase(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }
}
