package io.orderflow.common.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.KafkaMetricsContext;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

class TaskMetricsTest {

  private static final TaskName TASK = new TaskName("orders-source", "shop", "0");
  private static final Metric EVENTS = Metric.counter("events", "events", "Events.");
  private static final Metric AGE = Metric.gauge("age-seconds", "s", "Age.");
  private static final MBeanServer JMX = ManagementFactory.getPlatformMBeanServer();

  @Test
  void workerShowsWhatATaskCounts() throws JMException {
    try (Metrics worker = worker();
        TaskMetrics metrics = TaskMetrics.open(TASK, () -> display(worker))) {
      // When
      metrics.counter(EVENTS, Map.of("kind", "change")).add(3);
      metrics.gauge(AGE, Map.of(), () -> 1.5);

      // Then
      String task = "kafka.connect:type=plugins,connector=shop,task=0,plugin=orders-source";
      assertEquals(3L, value(task + ",kind=change", "events-total"));
      assertEquals(1.5, value(task, "age-seconds"));
    }
  }

  @Test
  void olderWorkerHasMBeansOfOurOwnUntilTheTaskEnds() throws JMException {
    // Given
    String task = "io.orderflow:type=orders-source,connector=shop,task=0";

    // When
    try (TaskMetrics metrics = TaskMetrics.open(TASK, TaskMetricsTest::olderWorker)) {
      metrics.counter(EVENTS, Map.of("kind", "change")).add(3);
      metrics.gauge(AGE, Map.of(), () -> 1.5);

      // Then
      assertEquals(3L, value(task + ",kind=change", "events-total"));
      assertEquals(1.5, value(task, "age-seconds"));
      assertEquals(2, JMX.queryNames(new ObjectName("io.orderflow:*"), null).size());
    }
    assertFalse(JMX.isRegistered(new ObjectName(task)));
  }

  @Test
  void tasksOfOldAndNewWorkersAreShownAlike() {
    // Given
    Metric all = Metric.distribution("time-ms", "ms", "Time.");
    try (Metrics worker = worker();
        TaskMetrics metrics = TaskMetrics.open(TASK, () -> display(worker))) {
      // When
      metrics.distribution(all, Map.of());

      // Then
      assertEquals(
          5,
          worker.metrics().keySet().stream().filter(m -> m.name().startsWith("time-ms")).count());
    }
  }

  @Test
  void histogramHasAnMBeanForEachBound() throws JMException {
    // Given
    String task = "io.orderflow:type=orders-source,connector=shop,task=0";
    try (TaskMetrics metrics = TaskMetrics.open(TASK, TaskMetricsTest::olderWorker)) {
      // When
      metrics
          .histogram(Metric.histogram("time-seconds", "Time."))
          .add(new long[] {70, 3_000_000}, 2);

      // Then
      assertEquals(0L, value(task + ",le=0.05", "time-seconds-bucket"));
      assertEquals(1L, value(task + ",le=0.1", "time-seconds-bucket"));
      assertEquals(2L, value(task + ",le=\"+Inf\"", "time-seconds-bucket"));
      assertEquals(2L, value(task, "time-seconds-count"));
      assertEquals(3_000.07, value(task, "time-seconds-sum"));
    }
  }

  @Test
  void nextRunOfATaskTakesTheNamesFromOneThatHasNotEnded() throws JMException {
    // Given
    String task = "kafka.connect:type=plugins,connector=shop,task=0,plugin=orders-source";
    try (Metrics worker = worker()) {
      TaskMetrics givenUp = TaskMetrics.open(TASK, () -> display(worker));
      givenUp.gauge(AGE, Map.of(), () -> 1);

      // When
      try (TaskMetrics next = TaskMetrics.open(TASK, () -> display(worker))) {
        next.gauge(AGE, Map.of(), () -> 2);
        givenUp.close();

        // Then
        assertEquals(2.0, value(task, "age-seconds"));
      }
    }
  }

  @Test
  void taskThatIsGivenUpWhileItStartsShowsNothingMore() {
    // Given
    try (Metrics worker = worker()) {
      TaskMetrics givenUp = TaskMetrics.open(TASK, () -> display(worker));
      try (TaskMetrics next = TaskMetrics.open(TASK, () -> display(worker))) {
        // When
        givenUp.counter(EVENTS, Map.of()).add(1);
        givenUp.close();
        next.counter(EVENTS, Map.of()).add(2);

        // Then
        assertEquals(
            2L,
            worker.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("events-total"))
                .map(KafkaMetric::metricValue)
                .findFirst()
                .orElseThrow());
      }
    }
  }

  @Test
  void nextRunTakesOwnMBeansToo() throws JMException {
    // Given
    TaskMetrics givenUp = TaskMetrics.open(TASK, TaskMetricsTest::olderWorker);
    givenUp.gauge(AGE, Map.of(), () -> 1);

    // When
    try (TaskMetrics next = TaskMetrics.open(TASK, TaskMetricsTest::olderWorker)) {
      next.gauge(AGE, Map.of(), () -> 2);
      givenUp.close();

      // Then
      assertEquals(
          2.0, value("io.orderflow:type=orders-source,connector=shop,task=0", "age-seconds"));
    }
  }

  @Test
  void namesThatSomebodyElseHoldsAreNoObstacle() {
    // Given
    try (Metrics worker = worker()) {
      display(worker).register("age-seconds", "Age.", Map.of(), (config, now) -> 1.0);

      // When
      try (TaskMetrics metrics = TaskMetrics.open(TASK, () -> display(worker))) {
        metrics.gauge(AGE, Map.of(), () -> 2);
        Counter counter = metrics.counter(EVENTS, Map.of());
        counter.add(1);

        // Then
        assertEquals(1, counter.sum());
      }
    }
  }

  @Test
  void taskMayEndAfterTheWorkerHasTakenItsMetricsAway() throws Exception {
    // Given
    try (Metrics worker = worker()) {
      PluginMetricsImpl plugin = new PluginMetricsImpl(worker, Map.of());
      TaskMetrics metrics =
          TaskMetrics.open(TASK, () -> new PluginMetricsAdapter(plugin, "orders-source"));
      metrics.gauge(AGE, Map.of(), () -> 1);

      // When
      plugin.close();
      metrics.close();

      // Then
      assertThrows(IllegalStateException.class, () -> plugin.addSensor("s"));
      assertTrue(worker.metrics().keySet().stream().noneMatch(m -> m.name().equals("age-seconds")));
    }
  }

  private static MetricsSink olderWorker() {
    throw new NoSuchMethodError("pluginMetrics");
  }

  /** As Connect makes its metrics, and those of a task's plugin. */
  private static Metrics worker() {
    return new Metrics(
        new MetricConfig(),
        List.of(new JmxReporter()),
        Time.SYSTEM,
        new KafkaMetricsContext("kafka.connect"));
  }

  private static MetricsSink display(Metrics worker) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("connector", "shop");
    tags.put("task", "0");
    return new PluginMetricsAdapter(new PluginMetricsImpl(worker, tags), "orders-source");
  }

  private static Object value(String mbean, String attribute) throws JMException {
    return JMX.getAttribute(new ObjectName(mbean), attribute);
  }
}
