package io.orderflow.sink.apply;

import io.orderflow.common.metrics.Meter;
import io.orderflow.common.metrics.Metric;
import io.orderflow.common.metrics.TaskMetrics;
import io.orderflow.sink.plan.Reason;
import io.orderflow.sink.plan.State;
import io.orderflow.sink.warehouse.BatchResult.OrderState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Counts orders by outcome. The usual outcomes are registered at the start, with 0. */
final class OutcomeCounts {

  private static final Metric ORDERS =
      Metric.meter(
          "orders-applied", "orders", "Orders whose new version was applied, by state and reason.");

  private static final List<State> WITHOUT_REASON =
      List.of(State.RESERVED, State.SHIPPED, State.RELEASED, State.RECEIVED, State.RETURNED);

  private static final List<Reason> OBSTACLES =
      List.of(Reason.INSUFFICIENT_STOCK, Reason.UNKNOWN_SKU, Reason.OUT_OF_RANGE);

  private final TaskMetrics metrics;
  private final Map<OrderState, Meter> meters = new ConcurrentHashMap<>();

  OutcomeCounts(TaskMetrics metrics) {
    this.metrics = metrics;
    WITHOUT_REASON.forEach(state -> meter(state, null));
    meter(State.RELEASED, Reason.DELETED);
    meter(State.REJECTED, Reason.EXPIRED);
    OBSTACLES.forEach(reason -> meter(State.REJECTED, reason));
    OBSTACLES.forEach(reason -> meter(State.PARTIALLY_RESERVED, reason));
  }

  void add(Map<OrderState, Long> counts) {
    counts.forEach((order, count) -> meter(order.state(), order.reason()).add(count));
  }

  private Meter meter(State state, @Nullable Reason reason) {
    return meters.computeIfAbsent(
        new OrderState(state, reason),
        order ->
            metrics.meter(
                ORDERS,
                Map.of(
                    "state",
                    SinkMetrics.label(state),
                    "reason",
                    reason == null ? "none" : SinkMetrics.label(reason))));
  }
}
