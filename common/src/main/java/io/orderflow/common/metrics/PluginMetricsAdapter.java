package io.orderflow.common.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;

/**
 * Registers metrics with the worker (KIP-877, Connect 4.1 and later). All its reporters get them;
 * in JMX they are {@code kafka.connect:type=plugins,connector=...,task=...,plugin=...}. They are
 * values and not sensors, since all tasks of a worker share sensors of the same name.
 */
public final class PluginMetricsAdapter implements MetricsSink {

  private static final String PLUGIN = "plugin";

  private final PluginMetrics worker;
  private final String plugin;
  private final List<MetricName> registered = new ArrayList<>();

  /**
   * Registers nothing yet.
   *
   * @param plugin distinguishes the connector's metrics from those of its transformations and
   *     converters
   */
  public PluginMetricsAdapter(PluginMetrics worker, String plugin) {
    this.worker = worker;
    this.plugin = plugin;
  }

  @Override
  public void register(String name, String description, Map<String, String> tags, Gauge<?> value) {
    LinkedHashMap<String, String> all = new LinkedHashMap<>();
    all.put(PLUGIN, plugin);
    all.putAll(tags);
    MetricName metric = worker.metricName(name, description, all);
    worker.addMetric(metric, value);
    registered.add(metric);
  }

  @Override
  public void close() {
    try {
      registered.forEach(worker::removeMetric);
    } catch (IllegalStateException closedByWorker) {
      // The worker has already removed them.
    }
    registered.clear();
  }
}
