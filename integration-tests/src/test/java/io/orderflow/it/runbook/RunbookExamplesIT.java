package io.orderflow.it.runbook;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Stock comes in, comes back, and outcomes are published, as the page of the examples says. */
@RunbookTest
class RunbookExamplesIT {

  @Test
  void restockingAndOutcomes() throws Exception {
    try (ExampleStack examples = ExampleStack.begin("orders-source")) {
      // Given
      Runbook page = Runbook.read("../../config-examples/README.md");
      Operator operator = examples.operator();
      operator.bash("cp -r config-examples/. .");

      // When
      operator.run(page.section("Restocking"));

      // Then
      await("the delivery is corrected")
          .until(() -> outcome(examples, 700_001), equalTo("2 RECEIVED"));
      await("the order is back").until(() -> outcome(examples, 4711), equalTo("9 RETURNED"));
      assertEquals(
          "1048 199",
          examples.warehouse().one("SELECT on_hand || ' ' || reserved FROM stock WHERE sku = 'A'"));
      assertEquals(0, examples.warehouse().number("SELECT count(*) FROM stock_drift"));

      // When
      operator.run(page.section("Outcomes, back to the order service"));
      examples.shop().execute("UPDATE orders SET status = 'SHIPPED', version = 2 WHERE id = 4712");

      // Then
      await("it is emitted").until(() -> isEmitted(operator, "4712", "SHIPPED"));
      operator.leftNoneOut(page);
    }
  }

  private static String outcome(ExampleStack examples, int order) {
    return String.join(
        "",
        examples
            .warehouse()
            .texts(
                "SELECT version || ' ' || state FROM order_inventory WHERE order_id = " + order));
  }

  private static boolean isEmitted(Operator operator, String order, String state) throws Exception {
    return operator
        .bash(
            "kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic order-outcomes"
                + " --from-beginning --timeout-ms 3000 --isolation-level read_committed || true")
        .lines()
        .anyMatch(line -> line.contains("\"order_id\":" + order) && line.contains(state));
  }
}
