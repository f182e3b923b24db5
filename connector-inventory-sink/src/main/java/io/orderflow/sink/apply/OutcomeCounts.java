package io.orderflow.sink.apply;

import io.orderflow.common.metrics.Meter;
import io.orderflow.common.metrics.Metric;
import io.orderflow.common.metrics.TaskMetrics;
import io.orderflow.sink.plan.Reason;
import io.orderflow.sink.plan.State;
import io.orderflow.sink.warehouse.BatchResult.OrderState;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts orders, and apart from them stock documents, by outcome: a rejected count is no order that
 * stock is lacking for. The usual outcomes are registered at the start, with 0.
 */
final class OutcomeCounts {

  private static final Metric ORDERS =
      Metric.meter(
          "orders-applied", "orders", "Orders whose new version was applied, by state and reason.");

  private static final Metric DOCUMENTS =
      Metric.meter(
          "documents-applied",
          "documents",
          "Stock documents whose new version was applied, by state and reason.");

  private static final List<State> WITHOUT_REASON =
      List.of(State.RESERVED, State.SHIPPED, State.RELEASED, State.RECEIVED, State.RETURNED);

  private static final List<State> OF_DOCUMENTS =
      Arrays.stream(State.values()).filter(State::hasNote).toList();

  private static final List<Reason> OBSTACLES =
      List.of(Reason.INSUFFICIENT_STOCK, Reason.UNKNOWN_SKU, Reason.OUT_OF_RANGE);

  private final TaskMetrics metrics;
  private final Map<OrderState, Meter> meters = new ConcurrentHashMap<>();

  OutcomeCounts(TaskMetrics metrics) {
    this.metrics = metrics;
    WITHOUT_REASON.forEach(state -> meter(false, state, null));
    meter(false, State.RELEASED, Reason.DELETED);
    meter(false, State.REJECTED, Reason.EXPIRED);
    OBSTACLES.forEach(reason -> meter(false, State.REJECTED, reason));
    OBSTACLES.forEach(reason -> meter(false, State.PARTIALLY_RESERVED, reason));
    OF_DOCUMENTS.forEach(state -> meter(true, state, null));
    OBSTACLES.forEach(reason -> meter(true, State.REJECTED, reason));
    meter(true, State.REJECTED, Reason.STALE_COUNT);
  }

  void add(Map<OrderState, Long> counts) {
    counts.forEach((outcome, count) -> meter(outcome).add(count));
  }

  private void meter(boolean isOfDocument, State state, @Nullable Reason reason) {
    meter(new OrderState(isOfDocument, state, reason));
  }

  private Meter meter(OrderState outcome) {
    return meters.computeIfAbsent(outcome, this::register);
  }

  private Meter register(OrderState outcome) {
    Reason reason = outcome.reason();
    return metrics.meter(
        outcome.isOfDocument() ? DOCUMENTS : ORDERS,
        Map.of(
            "state",
            SinkMetrics.label(outcome.state()),
            "reason",
            reason == null ? "none" : SinkMetrics.label(reason)));
  }
}
