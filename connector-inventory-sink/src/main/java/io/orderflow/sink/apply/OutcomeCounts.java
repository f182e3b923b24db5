package io.orderflow.sink.apply;

import io.orderflow.common.metrics.Meter;
import io.orderflow.common.metrics.Metric;
import io.orderflow.common.metrics.TaskMetrics;
import io.orderflow.sink.plan.Reason;
import io.orderflow.sink.plan.State;
import io.orderflow.sink.warehouse.BatchResult.Verdict;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Counts what becomes of orders. Those that are usual are there from the beginning, with 0. */
final class OutcomeCounts {

  private static final Metric ORDERS =
      Metric.meter(
          "orders-applied",
          "orders",
          "Orders whose new version was applied, by what became of them and why.");

  private static final List<State> WITHOUT_REASON =
      List.of(State.RESERVED, State.SHIPPED, State.RELEASED, State.RECEIVED, State.RETURNED);

  private static final List<Reason> OBSTACLES =
      List.of(Reason.INSUFFICIENT_STOCK, Reason.UNKNOWN_SKU, Reason.OUT_OF_RANGE);

  private final TaskMetrics metrics;
  private final Map<Verdict, Meter> meters = new ConcurrentHashMap<>();

  OutcomeCounts(TaskMetrics metrics) {
    this.metrics = metrics;
    WITHOUT_REASON.forEach(state -> meter(state, null));
    meter(State.RELEASED, Reason.DELETED);
    OBSTACLES.forEach(reason -> meter(State.REJECTED, reason));
    OBSTACLES.forEach(reason -> meter(State.PARTIALLY_RESERVED, reason));
  }

  void add(Map<Verdict, Long> counts) {
    counts.forEach((verdict, count) -> meter(verdict.state(), verdict.reason()).add(count));
  }

  private Meter meter(State state, @Nullable Reason reason) {
    return meters.computeIfAbsent(
        new Verdict(state, reason),
        verdict ->
            metrics.meter(
                ORDERS,
                Map.of(
                    "state",
                    SinkMetrics.label(state),
                    "reason",
                    reason == null ? "none" : SinkMetrics.label(reason))));
  }
}
