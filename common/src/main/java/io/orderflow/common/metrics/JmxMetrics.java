package io.orderflow.common.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.metrics.KafkaMetricsContext;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;

/**
 * Registers MBeans directly, on workers before Connect 4.1: {@code
 * io.orderflow:type=...,connector=...,task=...}.
 */
final class JmxMetrics implements MetricsSink {

  private static final String DOMAIN = "io.orderflow";

  /** A metric of Kafka's registry itself, to leave out. */
  private static final String REGISTRY_METRIC = DOMAIN + ":type=kafka-metrics-count.*";

  private final TaskName task;
  private final Metrics metrics;

  JmxMetrics(TaskName task) {
    this.task = task;
    JmxReporter jmx = new JmxReporter();
    jmx.configure(Map.of(JmxReporter.EXCLUDE_CONFIG, REGISTRY_METRIC));
    this.metrics =
        new Metrics(new MetricConfig(), List.of(jmx), Time.SYSTEM, new KafkaMetricsContext(DOMAIN));
  }

  @Override
  public void register(String name, String description, Map<String, String> tags, Gauge<?> value) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("connector", task.connector());
    all.put("task", task.number());
    all.putAll(tags);
    metrics.addMetric(metrics.metricName(name, task.plugin(), description, all), value);
  }

  @Override
  public void close() {
    metrics.close();
  }
}
