package io.orderflow.sink.apply;

import java.util.LinkedHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a task counts. Workers from Connect 4.1 on show it among the metrics of the task's plugin
 * ({@code kafka.connect:type=plugins}, KIP-877); on older ones nobody sees it. Safe for use by many
 * threads.
 */
final class SinkMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(SinkMetrics.class);

  private final LongAdder applied = new LongAdder();
  private final LongAdder batches = new LongAdder();
  private final LongAdder deadLetters = new LongAdder();
  private final LongAdder outages = new LongAdder();
  private final LongAdder ongoing = new LongAdder();
  private final LongAdder retries = new LongAdder();

  /** Counts from zero, and is shown where the worker has a place for it. */
  static SinkMetrics in(SinkTaskContext context) {
    SinkMetrics metrics = new SinkMetrics();
    try {
      metrics.register(context.pluginMetrics());
    } catch (LinkageError olderWorker) {
      LOG.debug("This worker has no metrics of plugins", olderWorker);
    } catch (IllegalArgumentException taken) {
      // Connect has given up an earlier run of this task, and only that can let go of the names.
      LOG.warn(
          "What this task counts is not shown until it is started again: {}", taken.getMessage());
    }
    return metrics;
  }

  private void register(PluginMetrics worker) {
    gauge(worker, "records-applied-total", "Records that are committed", applied::sum);
    gauge(worker, "batches-total", "Batches that are committed", batches::sum);
    gauge(worker, "dead-letters-total", "Records that were reported as bad", deadLetters::sum);
    gauge(worker, "outages-total", "Outages of the database that have begun", outages::sum);
    gauge(worker, "outages-ongoing", "Lanes that wait for the database now", ongoing::sum);
    gauge(worker, "retries-total", "Attempts that failed in outages", retries::sum);
  }

  private static void gauge(PluginMetrics worker, String name, String what, LongSupplier value) {
    Gauge<Long> gauge = (config, now) -> value.getAsLong();
    worker.addMetric(worker.metricName(name, what, new LinkedHashMap<>()), gauge);
  }

  void applied(int records) {
    batches.increment();
    applied.add(records);
  }

  void reported(int records) {
    deadLetters.add(records);
  }

  void outageBegan() {
    outages.increment();
    ongoing.increment();
  }

  void attemptFailed() {
    retries.increment();
  }

  void outageEnded() {
    ongoing.decrement();
  }
}
