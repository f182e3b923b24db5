package io.orderflow.sink.apply;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.database.Database.PoolUse;
import io.orderflow.common.failure.RejectionCause;
import io.orderflow.common.failure.RetryClass;
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
import io.orderflow.sink.deadletter.BadRecord;
import io.orderflow.sink.record.ItemRules;
import io.orderflow.sink.warehouse.BatchResult;
import io.orderflow.sink.warehouse.Phase;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;

/** The metrics of a task. Any thread. */
final class SinkMetrics implements AutoCloseable {

  private static final Metric RECORDS =
      Metric.meter("records-applied", "records", "Records committed in the warehouse.");
  private static final Metric PAYMENTS =
      Metric.meter("payments-applied", "payments", "Payment updates written.");
  private static final Metric STALE =
      Metric.counter(
          "updates-stale",
          "updates",
          "Updates of orders and payments that changed nothing: applied before, or superseded by a"
              + " newer version.");
  private static final String LATENCY =
      "Time from the commit in the source database (header `orderflow.commit.time`) to the"
          + " commit in"
          + " the warehouse. Orders of an initial snapshot are not included.";
  private static final Metric LAG =
      Metric.gauge(
          "lag-seconds",
          "s",
          "Age, by Kafka's timestamp, of the first record of the oldest transaction in progress;"
              + " 0 if"
              + " none is in progress.");
  private static final Metric BATCH =
      Metric.distribution("batch-records", "records", "Records in one transaction.");
  private static final Metric BATCHES = Metric.counter("batches", "batches", "Batches committed.");
  private static final Metric PHASE =
      Metric.timing("phase-time-ms", "Time that a transaction spends in one of its phases.");
  private static final Metric DEAD_LETTERS =
      Metric.counter(
          "dead-letters",
          "records",
          "Bad records written to the dead-letter queue, by what rejected them: the sink"
              + " (unreadable),"
              + " a column (value), a constraint or a trigger.");

  private static final Metric DEAD_LETTERS_WAITING =
      Metric.gauge(
          "dead-letters-waiting",
          "records",
          "Bad records that the dead-letter queue has not confirmed. While there are any, the task"
              + " commits no offset beyond them and receives no more records.");

  private static final Metric ITEMS_SKIPPED =
      Metric.counter(
          "items-skipped",
          "items",
          "Items left out because of `items.skip`: without an SKU (no_sku), or with a quantity of 0"
              + " or less (no_quantity). Items of records that are read again count again.");

  private static final double MILLIS = 1_000;

  private final TaskMetrics metrics;
  private final OutageMetrics outages;
  private final Meter records;
  private final OutcomeCounts orders;
  private final ExpiryMetrics expiry;
  private final BackorderMetrics backorders;
  private final Meter payments;
  private final Counter staleOrders;
  private final Counter stalePayments;
  private final Latency latency;
  private final RollingPercentiles batch;
  private final Counter batches;
  private final Map<Phase, Timing> phases = new EnumMap<>(Phase.class);
  private final Map<ItemRules.Skipped, Counter> skippedItems =
      new EnumMap<>(ItemRules.Skipped.class);
  private final Map<RejectionCause, Counter> deadLetters = new EnumMap<>(RejectionCause.class);

  /** By worker, the Kafka timestamp of the first record of its batch. */
  private final Map<Worker, Long> inProgress = new ConcurrentHashMap<>();

  SinkMetrics(TaskMetrics metrics) {
    this.metrics = metrics;
    records = metrics.meter(RECORDS, Map.of());
    orders = new OutcomeCounts(metrics);
    expiry = new ExpiryMetrics(metrics);
    backorders = new BackorderMetrics(metrics);
    payments = metrics.meter(PAYMENTS, Map.of());
    staleOrders = metrics.counter(STALE, Map.of("of", "order"));
    stalePayments = metrics.counter(STALE, Map.of("of", "payment"));
    latency = new Latency(metrics, "apply-latency", LATENCY);
    metrics.gauge(LAG, Map.of(), this::lag);
    batch = metrics.distribution(BATCH, Map.of());
    batches = metrics.counter(BATCHES, Map.of());
    for (Phase phase : Phase.values()) {
      phases.put(phase, metrics.timing(PHASE, Map.of("phase", label(phase))));
    }
    for (ItemRules.Skipped why : ItemRules.Skipped.values()) {
      skippedItems.put(why, metrics.counter(ITEMS_SKIPPED, Map.of("why", label(why))));
    }
    for (RejectionCause cause : RejectionCause.values()) {
      deadLetters.put(cause, metrics.counter(DEAD_LETTERS, Map.of("cause", label(cause))));
    }
    outages = new OutageMetrics(metrics);
  }

  static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  void showDeadLetters(IntSupplier unwritten) {
    metrics.gauge(DEAD_LETTERS_WAITING, Map.of(), unwritten::getAsInt);
  }

  void showPool(Supplier<PoolUse> use) {
    PoolMetrics.register(metrics, "warehouse", use);
  }

  ExpiryMetrics expiry() {
    return expiry;
  }

  BackorderMetrics backorders() {
    return backorders;
  }

  RetryTracker.Listener outages() {
    return outages;
  }

  /** Notes that a worker begins to apply a batch. */
  void batchStarted(Worker worker, List<ParsedRecord> records) {
    Long timestamp = records.get(0).record().timestamp();
    if (timestamp != null) {
      inProgress.put(worker, timestamp);
    }
  }

  /** Counts the changes of a committed transaction. */
  void committed(BatchResult result) {
    result.nanos().forEach((phase, nanos) -> Objects.requireNonNull(phases.get(phase)).add(nanos));
    orders.add(result.orders());
    if (result.payments() > 0) {
      payments.add(result.payments());
    }
    staleOrders.add(result.staleOrders());
    stalePayments.add(result.stalePayments());
  }

  /** Counts a transaction that is repeated at once, since another one was faster. */
  void repeatedAtOnce() {
    outages.retried(RetryClass.CONFLICT, 1);
  }

  /** Counts a batch whose records are committed, except for the rejected ones. */
  void batchCommitted(List<ParsedRecord> done, int rejected) {
    long now = System.currentTimeMillis();
    long[] latencies = new long[done.size()];
    int known = 0;
    for (ParsedRecord parsed : done) {
      long committedAt = committedAt(parsed.record());
      if (committedAt > 0) {
        latencies[known++] = now - committedAt;
      }
    }
    latency.add(latencies, known);
    batch.add(done.size());
    batches.add(1);
    records.add(done.size() - (long) rejected);
  }

  /** Notes that a worker applies its batch no longer, whether it is committed or not. */
  void batchEnded(Worker worker) {
    inProgress.remove(worker);
  }

  /** Milliseconds since the epoch; 0 if unknown, or for an order of an initial snapshot. */
  private static long committedAt(SinkRecord record) {
    Header kind = record.headers().lastWithName(OrderEvents.KIND_HEADER);
    if (kind != null && OrderEvents.SNAPSHOT.equals(kind.value())) {
      return 0;
    }
    Header header = record.headers().lastWithName(OrderEvents.COMMIT_TIME_HEADER);
    return header != null && header.value() instanceof Number time ? time.longValue() : 0;
  }

  void itemSkipped(ItemRules.Skipped why) {
    Objects.requireNonNull(skippedItems.get(why)).add(1);
  }

  void deadLetterWritten(BadRecord bad) {
    Objects.requireNonNull(deadLetters.get(bad.cause())).add(1);
  }

  private double lag() {
    long now = System.currentTimeMillis();
    return inProgress.values().stream().mapToLong(at -> Math.max(0, now - at)).max().orElse(0)
        / MILLIS;
  }

  @Override
  public void close() {
    metrics.close();
  }
}
