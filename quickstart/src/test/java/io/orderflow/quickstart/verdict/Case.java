package io.orderflow.quickstart.verdict;

import io.orderflow.quickstart.verdict.WarehouseState.Effect;
import io.orderflow.quickstart.verdict.WarehouseState.Outcome;
import io.orderflow.quickstart.verdict.WarehouseState.Stock;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A pipeline in which all is well, for tests to break: of the SKU "A" there were 10; order 1 has 2
 * reserved, order 2 has shipped 3, order 3 was rejected because it wanted 9.
 */
final class Case {

  final Map<Long, OrderState> shop = new HashMap<>();
  final OrdersTally ordersTopic = new OrdersTally();
  final Map<Long, PaymentState> sent = new HashMap<>();
  final Map<Long, Outcome> outcomes = new HashMap<>();
  final Map<Long, SortedMap<String, Effect>> lines = new HashMap<>();
  final Map<String, Stock> stock = new HashMap<>();
  final Map<Long, PaymentState> payments = new HashMap<>();
  final Map<Long, BigDecimal> due = new HashMap<>();
  final Map<String, Long> initialStock = new HashMap<>();
  long driftRows;
  long deadLetters;
  long oversoldWhileOpen;

  Case() {
    initialStock.put("A", 10L);
    stock.put("A", new Stock(7, 2));
    event(1, order(1, "PENDING", 1));
    sold(1, order(2, "PAID", 2), "RESERVED");
    sold(2, order(3, "SHIPPED", 3), "SHIPPED");
    sold(3, order(1, "PENDING", 9), "REJECTED");
    line(1, new Effect(2, 0));
    line(2, new Effect(0, -3));
    paid(1, "AUTHORIZED");
    paid(2, "CAPTURED");
    paid(1, "AUTHORIZED");
    payments.put(1L, new PaymentState(2, "CAPTURED", new BigDecimal("20.00")));
  }

  static OrderState order(long version, String status, long quantity) {
    TreeMap<String, Long> quantities = new TreeMap<>(Map.of("A", quantity));
    return new OrderState(version, status, BigDecimal.valueOf(quantity * 1_000, 2), quantities);
  }

  private void sold(long id, OrderState order, String state) {
    shop.put(id, order);
    event(id, order);
    outcomes.put(id, new Outcome(order.version(), state));
    due.put(id, order.total());
  }

  void event(long id, OrderState order) {
    String value =
        "{\"version\": %d, \"status\": \"%s\", \"total\": \"%s\", \"items\": [{\"sku\": \"A\", \"quantity\": %d}]}"
            .formatted(
                order.version(),
                order.status(),
                order.total().toPlainString(),
                order.quantities().get("A"));
    ordersTopic.accept(new ConsumerRecord<>("orders", 0, 0, Long.toString(id), value));
  }

  private void paid(long version, String status) {
    PaymentState payment = new PaymentState(version, status, new BigDecimal("20.00"));
    sent.merge(1L, payment, PaymentState::newer);
  }

  void line(long id, Effect effect) {
    lines.put(id, new TreeMap<>(Map.of("A", effect)));
  }

  Verdict verdict() {
    return Verdict.on(
        new Evidence(
            shop,
            ordersTopic,
            sent,
            new WarehouseState(outcomes, lines, stock, payments, due, driftRows),
            initialStock,
            deadLetters,
            oversoldWhileOpen));
  }
}
