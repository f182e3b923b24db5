package io.orderflow.common.metrics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.metrics.Gauge;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics of one task. They are published from their registration until the task ends, or until
 * a later run of the same task opens its own. One thread registers metrics; any thread uses them.
 */
public final class TaskMetrics implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TaskMetrics.class);
  private static final LongSupplier CLOCK = System::currentTimeMillis;

  /**
   * The metrics of each task that are published by this process. Connect may have abandoned an
   * earlier run of a task that has not ended and still holds the names; the next run takes them.
   */
  private static final Map<TaskName, TaskMetrics> PUBLISHED = new ConcurrentHashMap<>();

  private final TaskName task;
  private final MetricsSink sink;
  private final List<Registered> registered = new ArrayList<>();

  /** Whether another run holds the names. Guarded by this. */
  private boolean withdrawn;

  private TaskMetrics(TaskName task, MetricsSink sink) {
    this.task = task;
    this.sink = sink;
  }

  /**
   * Publishes metrics through the worker, or as MBeans if the worker is too old.
   *
   * @param worker throws a {@link LinkageError} on workers before Connect 4.1
   */
  public static TaskMetrics open(TaskName task, Supplier<MetricsSink> worker) {
    TaskMetrics opened = new TaskMetrics(task, openSink(task, worker));
    TaskMetrics earlier = PUBLISHED.put(task, opened);
    if (earlier != null) {
      earlier.withdraw();
    }
    return opened;
  }

  private static MetricsSink openSink(TaskName task, Supplier<MetricsSink> worker) {
    try {
      return worker.get();
    } catch (LinkageError olderWorker) {
      LOG.debug("This worker does not support metrics of plugins", olderWorker);
      return new JmxMetrics(task);
    }
  }

  public Counter counter(Metric metric, Map<String, String> tags) {
    Counter counter = new Counter();
    register(metric, tags, Map.of(Metric.TOTAL, count(counter::sum)));
    return counter;
  }

  public Meter meter(Metric metric, Map<String, String> tags) {
    Meter meter = new Meter(CLOCK);
    register(
        metric,
        tags,
        Map.of(Metric.TOTAL, count(meter::sum), Metric.RATE, measure(meter::perSecond)));
    return meter;
  }

  /**
   * Registers a value that is computed whenever it is read.
   *
   * @param value NaN if it is unknown; called by any thread
   */
  public void gauge(Metric metric, Map<String, String> tags, DoubleSupplier value) {
    register(metric, tags, Map.of("", measure(value)));
  }

  public RollingPercentiles distribution(Metric metric, Map<String, String> tags) {
    RollingPercentiles values = new RollingPercentiles(CLOCK);
    register(
        metric,
        tags,
        Map.of(
            "-p50",
            measure(() -> values.quantile(0.5)),
            "-p95",
            measure(() -> values.quantile(0.95)),
            "-p99",
            measure(() -> values.quantile(0.99)),
            Metric.MAX,
            measure(values::max),
            Metric.AVG,
            measure(values::avg)));
    return values;
  }

  public Histogram histogram(Metric metric) {
    Histogram histogram = new Histogram();
    register(
        metric,
        Map.of(),
        Map.of(
            Metric.COUNT, count(histogram::count),
            Metric.SUM, measure(histogram::sumSeconds)));
    for (int i = 0; i < Histogram.BOUNDS.size(); i++) {
      int bound = i;
      register(
          metric.name() + Metric.BUCKET,
          metric.description(),
          Map.of("le", Histogram.BOUNDS.get(bound)),
          count(() -> histogram.upTo(bound)));
    }
    return histogram;
  }

  public Timing timing(Metric metric, Map<String, String> tags) {
    Timing timing = new Timing(CLOCK);
    register(
        metric,
        tags,
        Map.of(
            Metric.TOTAL, measure(timing::totalMs),
            Metric.MAX, measure(timing::max),
            Metric.AVG, measure(timing::avg)));
    return timing;
  }

  private static Gauge<Long> count(LongSupplier value) {
    return (config, now) -> value.getAsLong();
  }

  private static Gauge<Double> measure(DoubleSupplier value) {
    return (config, now) -> value.getAsDouble();
  }

  private void register(Metric metric, Map<String, String> tags, Map<String, Gauge<?>> values) {
    Map<String, String> sorted = new TreeMap<>(tags);
    registered.add(new Registered(metric, sorted));
    values.forEach(
        (suffix, value) -> register(metric.name() + suffix, metric.description(), sorted, value));
  }

  private synchronized void register(
      String name, String description, Map<String, String> tags, Gauge<?> value) {
    if (withdrawn) {
      return;
    }
    try {
      sink.register(name, description, tags, value);
    } catch (IllegalArgumentException exists) {
      withdrawn = true;
      LOG.warn(
          "Metrics of {} are not published until the task restarts: {}", task, exists.getMessage());
    }
  }

  /** Removes the metrics; a run that was abandoned while it starts may still register more. */
  private synchronized void withdraw() {
    withdrawn = true;
    sink.close();
  }

  /** One metric with one set of tags. */
  record Registered(Metric metric, Map<String, String> tags) {}

  /** All metrics in the order of registration. */
  List<Registered> registered() {
    return Collections.unmodifiableList(registered);
  }

  @Override
  public void close() {
    if (PUBLISHED.remove(task, this)) {
      withdraw();
    }
  }
}
