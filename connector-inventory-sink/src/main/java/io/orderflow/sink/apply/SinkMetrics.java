package io.orderflow.sink.apply;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.database.PoolUse;
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
import io.orderflow.sink.warehouse.BatchResult;
import io.orderflow.sink.warehouse.Phase;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;

/** What a task counts and measures, batch by batch. Any thread. */
final class SinkMetrics implements AutoCloseable {

  private static final Metric RECORDS =
      Metric.meter("records-applied", "records", "Records that are committed in the warehouse.");
  private static final Metric PAYMENTS =
      Metric.meter("payments-applied", "payments", "Payment updates that were written.");
  private static final Metric STALE =
      Metric.counter(
          "updates-stale",
          "updates",
          "Updates of orders and payments that changed nothing: applied before, or overtaken by a"
              + " newer version.");
  private static final String LATENCY =
      "From the shop's commit, as the header `orderflow.commit.time` has it, to the warehouse's"
          + " commit. Without the orders of an initial load.";
  private static final Metric LAG =
      Metric.gauge(
          "lag-seconds",
          "s",
          "Age, by its timestamp in Kafka, of the record with which the oldest transaction under way"
              + " begins; 0 where none is.");
  private static final Metric BATCH =
      Metric.distribution("batch-records", "records", "Records of one transaction.");
  private static final Metric BATCHES =
      Metric.counter("batches", "batches", "Batches that are committed.");
  private static final Metric STEP =
      Metric.timing("phase-time-ms", "Time that a transaction spends on one of its steps.");
  private static final Metric DEAD_LETTERS =
      Metric.counter(
          "dead-letters",
          "records",
          "Records that were reported as bad: unreadable, or refused by PostgreSQL for a value, a"
              + " constraint, or by a trigger.");

  private static final double MILLIS = 1_000;

  private final TaskMetrics metrics;
  private final OutageMetrics outages;
  private final Meter records;
  private final OutcomeCounts orders;
  private final Meter payments;
  private final Counter staleOrders;
  private final Counter stalePayments;
  private final Latency latency;
  private final RollingPercentiles batch;
  private final Counter batches;
  private final Map<Phase, Timing> steps = new EnumMap<>(Phase.class);
  private final Map<BadRecord.Why, Counter> deadLetters = new EnumMap<>(BadRecord.Why.class);

  /** By lane, the Kafka timestamp of the first record of its transaction. */
  private final Map<Object, Long> underWay = new ConcurrentHashMap<>();

  SinkMetrics(TaskMetrics metrics) {
    this.metrics = metrics;
    records = metrics.meter(RECORDS, Map.of());
    orders = new OutcomeCounts(metrics);
    payments = metrics.meter(PAYMENTS, Map.of());
    staleOrders = metrics.counter(STALE, Map.of("of", "order"));
    stalePayments = metrics.counter(STALE, Map.of("of", "payment"));
    latency = new Latency(metrics, "apply-latency", LATENCY);
    metrics.gauge(LAG, Map.of(), this::lag);
    batch = metrics.distribution(BATCH, Map.of());
    batches = metrics.counter(BATCHES, Map.of());
    for (Phase step : Phase.values()) {
      steps.put(step, metrics.timing(STEP, Map.of("phase", label(step))));
    }
    for (BadRecord.Why why : BadRecord.Why.values()) {
      deadLetters.put(why, metrics.counter(DEAD_LETTERS, Map.of("cause", label(why))));
    }
    outages = new OutageMetrics(metrics);
  }

  static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  void pool(Supplier<PoolUse> use) {
    PoolMetrics.show(metrics, "warehouse", use);
  }

  RetryTracker.Listener outages() {
    return outages;
  }

  /** A lane begins to apply a batch. */
  void begun(Object lane, List<ParsedRecord> records) {
    Long timestamp = records.get(0).record().timestamp();
    if (timestamp != null) {
      underWay.put(lane, timestamp);
    }
  }

  /** One transaction of it is committed. */
  void committed(BatchResult applied) {
    applied.nanos().forEach((step, nanos) -> Objects.requireNonNull(steps.get(step)).add(nanos));
    orders.add(applied.orders());
    if (applied.payments() > 0) {
      payments.add(applied.payments());
    }
    staleOrders.add(applied.staleOrders());
    stalePayments.add(applied.stalePayments());
    outages.retried(RetryClass.CONFLICT, applied.conflicts());
  }

  /** All of it is committed, but for those that were refused. */
  void finished(Object lane, List<ParsedRecord> done, int refused) {
    underWay.remove(lane);
    long now = System.currentTimeMillis();
    long[] latencies = new long[done.size()];
    int known = 0;
    for (ParsedRecord reading : done) {
      long committedAt = committedAt(reading.record());
      if (committedAt > 0) {
        latencies[known++] = now - committedAt;
      }
    }
    latency.add(latencies, known);
    batch.add(done.size());
    batches.add(1);
    records.add(done.size() - (long) refused);
  }

  /** Milliseconds since the epoch; 0 where it is not known, or long ago for an initial load. */
  private static long committedAt(SinkRecord record) {
    Header kind = record.headers().lastWithName(OrderEvents.KIND_HEADER);
    if (kind != null && OrderEvents.SNAPSHOT.equals(kind.value())) {
      return 0;
    }
    Header header = record.headers().lastWithName(OrderEvents.COMMIT_TIME_HEADER);
    return header != null && header.value() instanceof Number time ? time.longValue() : 0;
  }

  void reported(BadRecord bad) {
    Objects.requireNonNull(deadLetters.get(bad.why())).add(1);
  }

  private double lag() {
    long now = System.currentTimeMillis();
    return underWay.values().stream().mapToLong(at -> Math.max(0, now - at)).max().orElse(0)
        / MILLIS;
  }

  @Override
  public void close() {
    metrics.close();
  }
}
