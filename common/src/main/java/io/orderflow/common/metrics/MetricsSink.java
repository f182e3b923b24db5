package io.orderflow.common.metrics;

import java.util.Map;
import org.apache.kafka.common.metrics.Gauge;

/** The registry that publishes the metrics of a task. */
public sealed interface MetricsSink extends AutoCloseable permits PluginMetricsAdapter, JmxMetrics {

  /**
   * Registers one value.
   *
   * @param tags in the order of their names
   * @param value read by any thread, at any time
   * @throws IllegalArgumentException if the name is taken
   */
  void register(String name, String description, Map<String, String> tags, Gauge<?> value);

  /** Removes all registered values. */
  @Override
  void close();
}
