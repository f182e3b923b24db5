package io.orderflow.quickstart.verdict;

import static io.orderflow.quickstart.verdict.Verdict.Fault.DRIFT;
import static io.orderflow.quickstart.verdict.Verdict.Fault.DUPLICATED;
import static io.orderflow.quickstart.verdict.Verdict.Fault.LOST;
import static io.orderflow.quickstart.verdict.Verdict.Fault.STALE;

import io.orderflow.quickstart.verdict.Verdict.Check;
import io.orderflow.quickstart.verdict.WarehouseState.Outcome;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares orders and payments: the shop with the topic, and the topics with the warehouse. */
final class OrderChecks {

  private OrderChecks() {}

  static List<Check> of(Evidence evidence) {
    return Stream.concat(orders(evidence).stream(), payments(evidence).stream()).toList();
  }

  private static List<Check> orders(Evidence evidence) {
    Map<Long, OrderState> shop = evidence.shop();
    Map<Long, OrderState> topic = evidence.ordersTopic().newest();
    Map<Long, Outcome> warehouse = evidence.warehouse().orders();
    return List.of(
        Check.of(
            LOST,
            "orders whose latest state is not the topic's",
            shop.keySet(),
            id -> !Objects.equals(shop.get(id), topic.get(id))),
        Check.of(
            LOST,
            "orders that the warehouse does not have",
            shop.keySet(),
            id -> !warehouse.containsKey(id)),
        Check.count(LOST, "records in the dead-letter queue", evidence.deadLetters()),
        Check.count(
            DUPLICATED,
            "versions of orders that the topic has more than once",
            evidence.ordersTopic().duplicated()),
        Check.count(
            STALE,
            "versions of orders that are out of order in the topic",
            evidence.ordersTopic().stale()),
        Check.of(
            STALE,
            "orders of which the warehouse has another version than the shop",
            shop.keySet(),
            id -> isOtherVersion(shop.get(id), warehouse.get(id))));
  }

  private static List<Check> payments(Evidence evidence) {
    Map<Long, OrderState> shop = evidence.shop();
    Map<Long, PaymentState> sent = evidence.payments();
    Map<Long, PaymentState> applied = evidence.warehouse().payments();
    Map<Long, BigDecimal> due = evidence.warehouse().due();
    return List.of(
        Check.of(
            LOST,
            "payments that the warehouse does not have",
            sent.keySet(),
            id -> !applied.containsKey(id)),
        Check.of(
            STALE,
            "payments of which the warehouse has another version than the topic's latest",
            sent.keySet(),
            id -> applied.containsKey(id) && !isSameVersion(sent.get(id), applied.get(id))),
        Check.of(
            DRIFT,
            "payments whose status or amount is not that of their version",
            sent.keySet(),
            id ->
                isSameVersion(sent.get(id), applied.get(id))
                    && !Objects.equals(sent.get(id), applied.get(id))),
        Check.of(
            DRIFT,
            "orders whose amount due is not the shop's total",
            shop.keySet(),
            id -> !isTotal(shop.get(id), due.get(id))));
  }

  private static boolean isOtherVersion(@Nullable OrderState order, @Nullable Outcome outcome) {
    return order != null && outcome != null && order.version() != outcome.version();
  }

  private static boolean isSameVersion(@Nullable PaymentState a, @Nullable PaymentState b) {
    return a != null && b != null && a.version() == b.version();
  }

  private static boolean isTotal(@Nullable OrderState order, @Nullable BigDecimal due) {
    return order != null && due != null && due.compareTo(order.total()) == 0;
  }
}
