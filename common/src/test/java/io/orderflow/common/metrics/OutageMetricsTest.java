package io.orderflow.common.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.failure.RetryTracker;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutageMetricsTest {

  @Test
  void outageIsCountedOnceAndItsAttemptsByTheirClass() {
    // Given
    try (Metrics worker = new Metrics();
        TaskMetrics metrics =
            TaskMetrics.open(
                new TaskName("inventory-sink", "outages", "0"),
                () ->
                    new PluginMetricsAdapter(
                        new PluginMetricsImpl(worker, Map.of()), "inventory-sink"))) {
      RetryTracker outage =
          new RetryTracker(
              LoggerFactory.getLogger(OutageMetricsTest.class),
              "test",
              RetryTracker.backoff(Duration.ofMillis(1), Duration.ofMillis(1)),
              InstantSource.system(),
              new OutageMetrics(metrics));

      // When
      outage.failed(new SQLException("refused", "08001"));
      outage.failed(new SQLException("starting", "57P03"));
      outage.failed(new SQLException("too long", "57014"));
      outage.failed(new SQLException("deadlock", "40P01"));

      // Then
      assertEquals(1, value(worker, "outages-ongoing", ""));
      assertEquals(1, value(worker, "outages-total", ""));
      for (String retryClass : new String[] {"connection", "unavailable", "timeout", "conflict"}) {
        assertEquals(1, value(worker, "retries-total", retryClass));
      }
      assertEquals(0, value(worker, "retries-total", "resources"));

      // When
      outage.succeeded();

      // Then
      assertEquals(0, value(worker, "outages-ongoing", ""));
      assertEquals(1, value(worker, "outages-total", ""));
    }
  }

  private static double value(Metrics worker, String name, String retryClass) {
    return worker.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals(name))
        .filter(metric -> metric.getKey().tags().getOrDefault("class", "").equals(retryClass))
        .mapToDouble(metric -> ((Number) metric.getValue().metricValue()).doubleValue())
        .sum();
  }
}
