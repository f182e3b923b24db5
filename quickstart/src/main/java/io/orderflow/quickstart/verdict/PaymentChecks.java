package io.orderflow.quickstart.verdict;

import io.orderflow.quickstart.topic.OrderState;
import io.orderflow.quickstart.topic.PaymentState;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** From the payment service's topic to the warehouse. */
final class PaymentChecks {

  private PaymentChecks() {}

  static List<Check> of(Evidence evidence) {
    Map<Long, OrderState> shop = evidence.shop().orders();
    Map<Long, PaymentState> told = evidence.paymentsTopic().newest();
    Map<Long, PaymentState> known = evidence.warehouse().payments();
    Map<Long, BigDecimal> due = evidence.warehouse().due();
    return List.of(
        Check.of(
            Fault.LOST,
            "payments that the warehouse does not have",
            told.keySet(),
            id -> !known.containsKey(id)),
        Check.of(
            Fault.STALE,
            "payments of which the warehouse has another version than the topic's latest",
            told.keySet(),
            id -> known.containsKey(id) && !isSameVersion(told.get(id), known.get(id))),
        Check.of(
            Fault.DRIFT,
            "payments whose status or amount is not that of their version",
            told.keySet(),
            id ->
                isSameVersion(told.get(id), known.get(id))
                    && !Objects.equals(told.get(id), known.get(id))),
        Check.of(
            Fault.DRIFT,
            "orders whose amount due is not the shop's total",
            shop.keySet(),
            id -> {
              BigDecimal stored = due.get(id);
              OrderState order = shop.get(id);
              return stored == null || order == null || stored.compareTo(order.total()) != 0;
            }));
  }

  private static boolean isSameVersion(@Nullable PaymentState a, @Nullable PaymentState b) {
    return a != null && b != null && a.version() == b.version();
  }
}
