package io.orderflow.it.runbook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.it.fixture.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Stock comes in, comes back, and outcomes are published, as the page of the examples says. */
@EnabledIfSystemProperty(named = "orderflow.runbooks", matches = "true")
class RunbookExamplesIT {

  @Test
  void restockingAndOutcomes() throws Exception {
    try (Trade trade = Trade.begin("orders-source")) {
      // Given
      Runbook page = Runbook.read("../../config-examples/README.md");
      Operator operator = trade.operator();
      operator.bash("cp -r config-examples/. .");

      // When
      operator.run(page.section("Restocking"));

      // Then
      Await.equal(
          "the delivery is corrected", "2 RECEIVED", Trade.SOON, () -> outcome(trade, 700_001));
      Await.equal("the order is back", "9 RETURNED", Trade.SOON, () -> outcome(trade, 4711));
      assertEquals(
          "1048 199",
          trade.warehouse().one("SELECT on_hand || ' ' || reserved FROM stock WHERE sku = 'A'"));
      assertEquals(0, trade.warehouse().number("SELECT count(*) FROM stock_drift"));

      // When
      operator.run(page.section("Outcomes, back to the order service"));
      trade.shop().execute("UPDATE orders SET status = 'SHIPPED', version = 2 WHERE id = 4712");

      // Then
      Await.until("it is told", Trade.SOON, () -> isTold(operator, "4712", "SHIPPED"));
      operator.leftNoneOut(page);
    }
  }

  private static String outcome(Trade trade, int order) {
    return String.join(
        "",
        trade
            .warehouse()
            .texts(
                "SELECT version || ' ' || state FROM order_inventory WHERE order_id = " + order));
  }

  private static boolean isTold(Operator operator, String order, String state) throws Exception {
    return operator
        .bash(
            "kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic order-outcomes"
                + " --from-beginning --timeout-ms 3000 --isolation-level read_committed || true")
        .lines()
        .anyMatch(line -> line.contains("\"order_id\":" + order) && line.contains(state));
  }
}
