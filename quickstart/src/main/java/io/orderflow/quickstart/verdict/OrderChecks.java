package io.orderflow.quickstart.verdict;

import io.orderflow.quickstart.topic.OrderState;
import io.orderflow.quickstart.verdict.WarehouseState.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** From the shop to the topic, and from the topic to the warehouse. */
final class OrderChecks {

  private OrderChecks() {}

  static List<Check> of(Evidence evidence) {
    Map<Long, OrderState> shop = evidence.shop().orders();
    Map<Long, OrderState> topic = evidence.ordersTopic().newest();
    Map<Long, Outcome> warehouse = evidence.warehouse().orders();
    return List.of(
        Check.of(
            Fault.LOST,
            "orders whose latest state is not the topic's",
            shop.keySet(),
            id -> !Objects.equals(shop.get(id), topic.get(id))),
        Check.of(
            Fault.LOST,
            "orders that the warehouse does not have",
            shop.keySet(),
            id -> !warehouse.containsKey(id)),
        Check.count(Fault.LOST, "records in the dead-letter queue", evidence.deadLetters()),
        Check.count(
            Fault.DUPLICATED,
            "versions of orders that came again in the topic",
            evidence.ordersTopic().duplicated()),
        Check.count(
            Fault.STALE,
            "versions of orders that came out of order in the topic",
            evidence.ordersTopic().stale()),
        Check.of(
            Fault.STALE,
            "orders of which the warehouse has another version than the shop",
            shop.keySet(),
            id -> {
              Outcome outcome = warehouse.get(id);
              OrderState order = shop.get(id);
              return outcome != null && order != null && outcome.version() != order.version();
            }));
  }
}
