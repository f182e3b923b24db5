package io.orderflow.common.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;

/**
 * The worker's own metrics (KIP-877, Connect 4.1 and later): each of its reporters gets them, and
 * in JMX they are {@code kafka.connect:type=plugins,connector=...,task=...,plugin=...}. Values and
 * no sensors: the worker has one set of sensors for all tasks, where those of one name would be
 * one.
 */
public final class PluginMetricsAdapter implements MetricsSink {

  private static final String PLUGIN = "plugin";

  private final PluginMetrics worker;
  private final String plugin;
  private final List<MetricName> shown = new ArrayList<>();

  /**
   * Shows nothing yet.
   *
   * @param plugin tells the metrics of a connector from those of its transformations and converters
   */
  public PluginMetricsAdapter(PluginMetrics worker, String plugin) {
    this.worker = worker;
    this.plugin = plugin;
  }

  @Override
  public void show(String name, String says, Map<String, String> tags, Gauge<?> value) {
    LinkedHashMap<String, String> all = new LinkedHashMap<>();
    all.put(PLUGIN, plugin);
    all.putAll(tags);
    MetricName metric = worker.metricName(name, says, all);
    worker.addMetric(metric, value);
    shown.add(metric);
  }

  @Override
  public void close() {
    try {
      shown.forEach(worker::removeMetric);
    } catch (IllegalStateException byTheWorker) {
      // It has taken them away already.
    }
    shown.clear();
  }
}
