package io.orderflow.it.runbook;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A transaction that Kafka forgot to end is found and undone, as its page says. */
@RunbookTest
class RunbookTransactionsIT {

  private static final String OFFSETS = "connect-offsets";

  @Test
  void hangingTransaction() throws Exception {
    try (ExampleStack examples = ExampleStack.begin("orders-source")) {
      // Given
      Runbook page = Runbook.read("hanging-transactions.md");
      Operator operator = examples.operator();
      examples.rest().stop("orders-source");
      examples.rest().awaitState("orders-source", "STOPPED", ExampleStack.SOON);
      try (var forgotten = ForgottenTransaction.begin(examples.stack().kafka())) {
        operator.means(
            "--partition 3 --start-offset 4711",
            "--partition 3 --start-offset " + forgotten.write(OFFSETS, 3));
        operator.means(
            "--partition 5 --start-offset 4712",
            "--partition 5 --start-offset " + forgotten.write("orders", 5));
        forgotten.forget();
        examples.stack().broker().stop();
      }
      examples.stack().broker().start();
      examples.place(5000, 10);
      examples.rest().resume("orders-source");

      // When
      await("the transaction is old enough to be listed")
          .until(() -> operator.run(page.section("See")).contains(OFFSETS));

      // Then
      assertEquals(
          0,
          examples
              .warehouse()
              .number("SELECT count(*) FROM order_inventory WHERE order_id >= 5000"));

      // When
      operator.run(page.section("End it"));

      // Then
      examples.awaitAllApplied();
      String cured = operator.run(page.section("Cured"));
      assertFalse(cured.contains(OFFSETS), cured);
      assertTrue(cured.contains("RUNNING"), cured);
      operator.leftNoneOut(page);
    }
  }
}
