package io.orderflow.common.metrics;

import java.util.Map;
import org.apache.kafka.common.metrics.Gauge;

/** Where the metrics of a task are shown. */
public sealed interface MetricsSink extends AutoCloseable permits PluginMetricsAdapter, JmxMetrics {

  /**
   * Shows one value from now on.
   *
   * @param tags in the order of their names
   * @param value asked whenever somebody looks, by any thread
   * @throws IllegalArgumentException when somebody else has the name
   */
  void show(String name, String says, Map<String, String> tags, Gauge<?> value);

  /** Takes all of it away. */
  @Override
  void close();
}
