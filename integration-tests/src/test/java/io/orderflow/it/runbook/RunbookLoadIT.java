package io.orderflow.it.runbook;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Await;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A load that a lock holds up goes on once its page's commands have ended who has it. */
@EnabledIfSystemProperty(named = "orderflow.runbooks", matches = "true")
class RunbookLoadIT {

  @Test
  void stalledLoad() throws Exception {
    for (String source : List.of("orders-source", "orders-source-log")) {
      try (Trade trade = Trade.begin(source)) {
        // Given
        Runbook page = Runbook.read("stalled-snapshot.md");
        Operator operator = trade.operator();
        trade.rest().stop(source);
        trade.rest().awaitState(source, "STOPPED", Trade.SOON);
        trade.rest().deleteOffsets(source);
        try (Connection forgotten = trade.shop().connect()) {
          forgotten.setAutoCommit(false);
          forgotten.createStatement().execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
          trade.rest().resume(source);

          // When
          Await.until(
              "the load waits for the lock",
              Trade.SOON,
              () -> operator.run(page.section("See")).contains("idle in transaction"));
          int told = trade.told().size();
          operator.means(
              "12345",
              trade
                  .shop()
                  .one("SELECT pid FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted"));
          operator.run(page.section("End it"));

          // Then
          Await.until(
              "all are told again", Trade.SOON, () -> trade.told().size() == told + Trade.ORDERS);
        }
        String waiting = operator.run(page.section("Cured"));
        assertTrue(waiting.lines().anyMatch(line -> line.strip().equals("0")), waiting);
        operator.leftNoneOut(page);
      }
    }
  }
}
