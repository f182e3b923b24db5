package io.orderflow.sink.apply;

import io.orderflow.common.metrics.Counter;
import io.orderflow.common.metrics.Metric;
import io.orderflow.common.metrics.TaskMetrics;
import io.orderflow.sink.warehouse.BackorderSweep;
import java.util.Map;

/** The metrics of orders that wait for stock. Any thread. */
final class BackorderMetrics {

  private static final Metric FILLED =
      Metric.counter(
          "backorders-filled",
          "orders",
          "Orders to which this task has given stock that they waited for: all that they lacked"
              + " (whole), or some of it (part).");

  private final Counter whole;
  private final Counter part;

  BackorderMetrics(TaskMetrics metrics) {
    whole = metrics.counter(FILLED, Map.of("what", "whole"));
    part = metrics.counter(FILLED, Map.of("what", "part"));
  }

  void filled(BackorderSweep.Result result) {
    whole.add(result.filled());
    part.add(result.inPart());
  }
}
