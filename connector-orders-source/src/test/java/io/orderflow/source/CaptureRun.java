package io.orderflow.source;

import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.fixture.StrictConverter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.source.TransactionContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/** Runs a task as a worker does; its offsets outlive it. */
public final class CaptureRun implements AutoCloseable {

  /** A snapshot is read by other threads, however often a task is polled meanwhile. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(60);

  private final OrdersSourceTask task;
  private final Map<Map<String, ?>, Map<String, ?>> offsets;
  private final Metrics metrics = new Metrics();
  private final StrictConverter converter = new StrictConverter();
  private final List<SourceRecord> undelivered = new ArrayList<>();

  /** Starts a task on all shards. */
  public CaptureRun(Map<String, String> settings, Map<Map<String, ?>, Map<String, ?>> offsets) {
    this(settings, offsets, null);
  }

  /** Starts a task that defines the boundaries of Kafka transactions. */
  CaptureRun(
      Map<String, String> settings,
      Map<Map<String, ?>, Map<String, ?>> offsets,
      @Nullable TransactionContext transactions) {
    this(settings, offsets, transactions, InstantSource.system());
  }

  /** Starts a task with a clock for Kafka transactions. */
  CaptureRun(
      Map<String, String> settings,
      Map<Map<String, ?>, Map<String, ?>> offsets,
      @Nullable TransactionContext transactions,
      InstantSource clock) {
    this.task = new OrdersSourceTask(clock);
    this.offsets = offsets;
    Map<String, String> ofTask = new HashMap<>(settings);
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(settings.get("capture.shards")); i++) {
      all.add(i);
    }
    ofTask.putIfAbsent(OrdersSourceConfig.TASK_SHARDS, OrdersSourceConfig.listOf(all));
    task.initialize(new Context(ofTask, new StoredOffsets(offsets), transactions, metrics));
    task.start(ofTask);
  }

  /** Returns the records of the next poll. */
  public List<SourceRecord> poll() {
    List<SourceRecord> records = task.poll();
    if (records == null) {
      return List.of();
    }
    records.forEach(converter::check);
    records.forEach(record -> offsets.put(record.sourcePartition(), record.sourceOffset()));
    undelivered.addAll(records);
    return records;
  }

  /**
   * Delivers all polled records and commits, twice, since only the second commit acknowledges the
   * first one's offsets.
   */
  void commit() {
    delivered();
    records(0);
    task.commit();
    records(0);
  }

  /** Delivers all polled records to Kafka, and commits. */
  public void delivered() {
    undelivered.forEach(record -> task.commitRecord(record, null));
    undelivered.clear();
    task.commit();
  }

  /** Polls until a number of records are returned, and once more, which must return none. */
  List<SourceRecord> records(int count) {
    List<SourceRecord> records = new ArrayList<>();
    long end = System.nanoTime() + MAX_WAIT.toNanos();
    while (records.size() < count && System.nanoTime() < end) {
      records.addAll(poll());
    }
    records.addAll(poll());
    if (records.size() != count) {
      throw new AssertionError("expected " + count + " records, found " + records);
    }
    return records;
  }

  /** Polls until a record of an order with this ID and status is returned. */
  List<SourceRecord> recordsUntil(String idAndStatus) {
    List<SourceRecord> records = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      for (SourceRecord record : poll()) {
        records.add(record);
        if (idAndStatus.equals(record.key() + " " + ((Struct) record.value()).get("status"))) {
          return records;
        }
      }
    }
    throw new AssertionError("expected " + idAndStatus + ", found " + records);
  }

  /** Polls for one record, and returns its value. */
  Struct onlyValue() {
    return (Struct) records(1).get(0).value();
  }

  /** The value of a metric with one of its tags. */
  double metric(String name, String tag, String value) {
    return metrics.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals(name))
        .filter(metric -> value.equals(metric.getKey().tags().get(tag)))
        .mapToDouble(metric -> ((Number) metric.getValue().metricValue()).doubleValue())
        .reduce(Double::sum)
        .orElseThrow();
  }

  /** The value of a metric, as the sum over its tags. */
  double metric(String name) {
    return metrics.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals(name))
        .mapToDouble(metric -> ((Number) metric.getValue().metricValue()).doubleValue())
        .reduce(Double::sum)
        .orElseThrow();
  }

  @Override
  public void close() {
    task.stop();
    converter.close();
  }

  private record Context(
      Map<String, String> configs,
      OffsetStorageReader offsetStorageReader,
      @Nullable TransactionContext transactionContext,
      Metrics metrics)
      implements SourceTaskContext {

    @Override
    public PluginMetrics pluginMetrics() {
      return new PluginMetricsImpl(metrics, Map.of());
    }
  }

  /** Reads offsets from a map. */
  record StoredOffsets(Map<Map<String, ?>, Map<String, ?>> offsets) implements OffsetStorageReader {

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable Map<String, Object> offset(Map<String, T> partition) {
      return (Map<String, Object>) offsets.get(partition);
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(
        Collection<Map<String, T>> partitions) {
      Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
      for (Map<String, T> partition : partitions) {
        Map<String, Object> offset = offset(partition);
        if (offset != null) {
          found.put(partition, offset);
        }
      }
      return found;
    }
  }
}
