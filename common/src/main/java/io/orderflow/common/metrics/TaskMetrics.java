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
 * The metrics of one task, shown from when they are made until the task ends, or until a later run
 * of it is opened, by whatever thread. Made by one thread, used by any.
 */
public final class TaskMetrics implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TaskMetrics.class);
  private static final LongSupplier CLOCK = System::currentTimeMillis;

  /**
   * By task, whose names are taken in this process. Connect may have given up an earlier run that
   * has not ended and holds them still; the next takes them away from it.
   */
  private static final Map<TaskName, TaskMetrics> SHOWN = new ConcurrentHashMap<>();

  private final TaskName task;
  private final MetricsSink display;
  private final List<Shown> shown = new ArrayList<>();

  /** Whether somebody else holds the names. Guarded by this. */
  private boolean hidden;

  private TaskMetrics(TaskName task, MetricsSink display) {
    this.task = task;
    this.display = display;
  }

  /**
   * Metrics that the worker shows, or where it is too old for that, MBeans of our own.
   *
   * @param worker throws a {@link LinkageError} on workers from before Connect 4.1
   */
  public static TaskMetrics open(TaskName task, Supplier<MetricsSink> worker) {
    TaskMetrics opened = new TaskMetrics(task, display(task, worker));
    TaskMetrics earlier = SHOWN.put(task, opened);
    if (earlier != null) {
      earlier.hide();
    }
    return opened;
  }

  private static MetricsSink display(TaskName task, Supplier<MetricsSink> worker) {
    try {
      return worker.get();
    } catch (LinkageError olderWorker) {
      LOG.debug("This worker has no metrics of plugins", olderWorker);
      return new JmxMetrics(task);
    }
  }

  public Counter counter(Metric metric, Map<String, String> tags) {
    Counter counter = new Counter();
    show(metric, tags, Map.of(Metric.TOTAL, count(counter::sum)));
    return counter;
  }

  public Meter meter(Metric metric, Map<String, String> tags) {
    Meter meter = new Meter(CLOCK);
    show(
        metric,
        tags,
        Map.of(Metric.TOTAL, count(meter::sum), Metric.RATE, measure(meter::perSecond)));
    return meter;
  }

  /**
   * Shows a value whenever somebody asks.
   *
   * @param value NaN where it is not known; any thread asks
   */
  public void gauge(Metric metric, Map<String, String> tags, DoubleSupplier value) {
    show(metric, tags, Map.of("", measure(value)));
  }

  public RollingPercentiles distribution(Metric metric, Map<String, String> tags) {
    RollingPercentiles values = new RollingPercentiles(CLOCK);
    show(
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
    show(
        metric,
        Map.of(),
        Map.of(
            Metric.COUNT, count(histogram::count),
            Metric.SUM, measure(histogram::sumSeconds)));
    for (int i = 0; i < Histogram.BOUNDS.size(); i++) {
      int bound = i;
      show(
          metric.name() + Metric.BUCKET,
          metric.says(),
          Map.of("le", Histogram.BOUNDS.get(bound)),
          count(() -> histogram.upTo(bound)));
    }
    return histogram;
  }

  public Timing timing(Metric metric, Map<String, String> tags) {
    Timing timing = new Timing(CLOCK);
    show(
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

  private void show(Metric metric, Map<String, String> tags, Map<String, Gauge<?>> values) {
    Map<String, String> sorted = new TreeMap<>(tags);
    shown.add(new Shown(metric, sorted));
    values.forEach((suffix, value) -> show(metric.name() + suffix, metric.says(), sorted, value));
  }

  private synchronized void show(
      String name, String says, Map<String, String> tags, Gauge<?> value) {
    if (hidden) {
      return;
    }
    try {
      display.show(name, says, tags, value);
    } catch (IllegalArgumentException taken) {
      hidden = true;
      LOG.warn(
          "What {} measures is not shown until it is started again: {}", task, taken.getMessage());
    }
  }

  /** A task that is given up while it starts may go on making metrics. */
  private synchronized void hide() {
    hidden = true;
    display.close();
  }

  /** One metric with one set of tags. */
  record Shown(Metric metric, Map<String, String> tags) {}

  /** All that was made, in that order. */
  List<Shown> shown() {
    return Collections.unmodifiableList(shown);
  }

  @Override
  public void close() {
    if (SHOWN.remove(task, this)) {
      hide();
    }
  }
}
