package io.orderflow.it.runbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A transaction that Kafka forgot to end is found and undone, as its page says. */
@EnabledIfSystemProperty(named = "orderflow.runbooks", matches = "true")
class RunbookTransactionsIT {

  private static final String OFFSETS = "connect-offsets";

  @Test
  void hangingTransaction() throws Exception {
    try (Trade trade = Trade.begin("orders-source")) {
      // Given
      Runbook page = Runbook.read("hanging-transactions.md");
      Operator operator = trade.operator();
      trade.rest().stop("orders-source");
      trade.rest().awaitState("orders-source", "STOPPED", Trade.SOON);
      try (var forgotten = ForgottenTransaction.begin(trade.stack().kafka())) {
        operator.means(
            "--partition 3 --start-offset 4711",
            "--partition 3 --start-offset " + forgotten.write(OFFSETS, 3));
        operator.means(
            "--partition 5 --start-offset 4712",
            "--partition 5 --start-offset " + forgotten.write("orders", 5));
        forgotten.forget();
        trade.stack().broker().stop();
      }
      trade.stack().broker().start();
      trade.place(5000, 10);
      trade.rest().resume("orders-source");

      // When
      Await.until(
          "the transaction is old enough to be listed",
          Trade.SOON,
          () -> operator.run(page.section("See")).contains(OFFSETS));

      // Then
      assertEquals(
          0,
          trade.warehouse().number("SELECT count(*) FROM order_inventory WHERE order_id >= 5000"));

      // When
      operator.run(page.section("End it"));

      // Then
      trade.awaitAllApplied();
      String cured = operator.run(page.section("Cured"));
      assertFalse(cured.contains(OFFSETS), cured);
      assertTrue(cured.contains("RUNNING"), cured);
      operator.leftNoneOut(page);
    }
  }
}
