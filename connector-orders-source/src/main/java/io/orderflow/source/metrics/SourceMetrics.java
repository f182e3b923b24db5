package io.orderflow.source.metrics;

import io.orderflow.common.database.PoolUse;
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
import io.orderflow.source.event.OrderEvent;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** What a task counts and measures, batch by batch. One thread notes, any may look. */
public final class SourceMetrics implements AutoCloseable {

  private static final Metric EVENTS =
      Metric.meter(
          "events",
          "events",
          "Order events handed to Kafka, each one version of an order with its items: of orders that"
              + " were there when capture began, of changes since, of deletes.");
  private static final Metric ITEMS =
      Metric.counter("items", "items", "Line items within these events.");
  private static final String LATENCY =
      "From the shop's commit to the record that is handed to Kafka. Of changes whose commit time is"
          + " known: in query capture where the server has `track_commit_timestamp`.";
  private static final Metric LAG =
      Metric.gauge(
          "lag-seconds",
          "s",
          "All that was committed in the shop so long ago is captured. Grows while the database is"
              + " away, while a transaction holds the horizon, and while capture catches up; NaN"
              + " until it has caught up once.");
  private static final Metric BATCH =
      Metric.distribution("batch-events", "events", "Events that one poll yields, where it does.");
  private static final Metric STEP =
      Metric.timing("phase-time-ms", "Time that a poll spends on one of its steps.");
  private static final Metric LOADED =
      Metric.gauge(
          "snapshot-progress-percent",
          "%",
          "How much of the initial load is done, by the table's statistics; 100 once it is over."
              + " NaN where the table has none, and where a load by queries went on after a"
              + " restart.");
  private static final Metric LEFT =
      Metric.gauge(
          "snapshot-remaining-seconds",
          "s",
          "How long the initial load will go on at its pace so far.");
  private static final Metric HORIZON =
      Metric.gauge(
          "horizon-age-seconds",
          "s",
          "Age of the oldest transaction that is still running in the shop's cluster while later ones"
              + " have ended: capture waits for it. 0 where there is none. Query capture.");
  private static final Metric WAITING =
      Metric.gauge(
          "lag-orders",
          "orders",
          "Orders that were changed in the shop and are not told yet. By queries: looked at by each"
              + " poll and, where there are any, counted at most every 10 seconds. At least so many"
              + " wait: a shard is counted up to 100,000 divided by the task's shards. Those that wait for the horizon are among them, and those"
              + " that `orders.where` leaves out. NaN until they are counted, during the initial"
              + " load, which has its progress, during an outage, and where counting takes longer"
              + " than a second. From the log: those"
              + " in transactions that are read ahead, at most 10,000 or 32 MB, each as often as it"
              + " was changed; the log may have more.");
  private static final Metric HELD_BACK =
      Metric.gauge(
          "retained-wal-bytes",
          "bytes",
          "Log that the shop's server keeps for the slot, looked at every 10 seconds. Log capture.");
  private static final Metric QUEUED =
      Metric.gauge(
          "queued-transactions",
          "transactions",
          "Transactions with orders that were read from the log and are not told yet. Log capture.");

  private static final double MILLIS = 1_000;

  private final TaskMetrics metrics;
  private final InstantSource clock;
  private final OutageMetrics outages;
  private final Map<OrderEvent.Kind, Meter> events = new EnumMap<>(OrderEvent.Kind.class);
  private final Counter items;
  private final Latency latency;
  private final RollingPercentiles batch;
  private final Map<Phase, Timing> steps = new EnumMap<>(Phase.class);
  private final Progress progress;

  /** Milliseconds since the epoch; 0 where it is not known. */
  private volatile long capturedUpTo;

  public SourceMetrics(TaskMetrics metrics, InstantSource clock) {
    this.metrics = metrics;
    this.clock = clock;
    for (OrderEvent.Kind kind : OrderEvent.Kind.values()) {
      events.put(kind, metrics.meter(EVENTS, Map.of("kind", kind.label())));
    }
    items = metrics.counter(ITEMS, Map.of());
    latency = new Latency(metrics, "capture-latency", LATENCY);
    metrics.gauge(LAG, Map.of(), this::lag);
    batch = metrics.distribution(BATCH, Map.of());
    progress = new Progress(clock);
    metrics.gauge(LOADED, Map.of(), progress::percent);
    metrics.gauge(LEFT, Map.of(), progress::secondsLeft);
    outages = new OutageMetrics(metrics);
  }

  /** Times these steps from now on. */
  public void steps(Collection<Phase> those) {
    those.forEach(step -> steps.put(step, metrics.timing(STEP, Map.of("phase", step.label()))));
  }

  /** Shows the use of a pool of connections. */
  public void pool(String name, Supplier<PoolUse> use) {
    PoolMetrics.show(metrics, name, use);
  }

  /** Shows the age of the horizon, in seconds. */
  public void horizonAge(DoubleSupplier seconds) {
    metrics.gauge(HORIZON, Map.of(), seconds);
  }

  /** Shows how many orders were changed and are not told. */
  public void waiting(DoubleSupplier orders) {
    metrics.gauge(WAITING, Map.of(), orders);
  }

  /** Shows what the slot holds back, in bytes, and how many transactions are read and not told. */
  public void log(DoubleSupplier heldBack, DoubleSupplier transactions) {
    metrics.gauge(HELD_BACK, Map.of(), heldBack);
    metrics.gauge(QUEUED, Map.of(), transactions);
  }

  public RetryTracker.Listener outages() {
    return outages;
  }

  public Progress load() {
    return progress;
  }

  /**
   * Notes that a step took from then until now, and returns the present, as {@link
   * System#nanoTime}.
   */
  public long took(Phase step, long began) {
    return Objects.requireNonNull(steps.get(step), "a step of the other capture").since(began);
  }

  /** Notes events that go to Kafka now. */
  public void told(List<OrderEvent> all) {
    if (all.isEmpty()) {
      return;
    }
    long now = clock.millis();
    long[] latencies = new long[all.size()];
    int known = 0;
    long itemCount = 0;
    for (OrderEvent event : all) {
      itemCount += event.items().size();
      Long committedAt = event.committedAt();
      if (committedAt != null && event.kind() != OrderEvent.Kind.SNAPSHOT) {
        latencies[known++] = now - committedAt;
      }
    }
    events.forEach(
        (kind, meter) -> {
          long ofKind = all.stream().filter(event -> event.kind() == kind).count();
          if (ofKind > 0) {
            meter.add(ofKind);
          }
        });
    items.add(itemCount);
    latency.add(latencies, known);
    batch.add(all.size());
  }

  /**
   * All that was committed before then is captured. Earlier moments than the last count for
   * nothing.
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
}
