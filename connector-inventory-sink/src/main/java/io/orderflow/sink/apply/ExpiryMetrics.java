package io.orderflow.sink.apply;

import io.orderflow.common.metrics.Counter;
import io.orderflow.common.metrics.Metric;
import io.orderflow.common.metrics.TaskMetrics;
import io.orderflow.sink.warehouse.ExpirySweep;
import java.util.Map;

/** The metrics of reservations that expire. Any thread. */
final class ExpiryMetrics {

  private static final Metric EXPIRED =
      Metric.counter(
          "reservations-expired",
          "orders",
          "Orders whose reservation this task has released because its time was over.");
  private static final Metric DELAY =
      Metric.gauge(
          "expiry-delay-seconds",
          "s",
          "How long the oldest reservation that the task's last sweep released had been due; 0 if it"
              + " released none.");

  private static final double MILLIS = 1_000;

  private final Counter expired;
  private volatile double delay;

  ExpiryMetrics(TaskMetrics metrics) {
    expired = metrics.counter(EXPIRED, Map.of());
    metrics.gauge(DELAY, Map.of(), () -> delay);
  }

  void swept(ExpirySweep.Result result) {
    expired.add(result.orders());
    delay = result.delay().toMillis() / MILLIS;
  }
}
