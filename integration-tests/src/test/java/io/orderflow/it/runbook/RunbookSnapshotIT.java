package io.orderflow.it.runbook;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A snapshot that a lock stalls continues once the page's commands have ended the transaction. */
@RunbookTest
class RunbookSnapshotIT {

  @Test
  void stalledSnapshot() throws Exception {
    for (String source : List.of("orders-source", "orders-source-log")) {
      try (ExampleStack examples = ExampleStack.begin(source)) {
        // Given
        Runbook page = Runbook.read("stalled-snapshot.md");
        Operator operator = examples.operator();
        examples.rest().stop(source);
        examples.rest().awaitState(source, "STOPPED", ExampleStack.SOON);
        examples.rest().deleteOffsets(source);
        try (Connection forgotten = examples.shop().connect()) {
          forgotten.setAutoCommit(false);
          forgotten.createStatement().execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
          examples.rest().resume(source);

          // When
          await("the snapshot waits for the lock")
              .until(() -> operator.run(page.section("See")).contains("idle in transaction"));
          int emitted = examples.emitted().size();
          operator.means(
              "12345",
              examples
                  .shop()
                  .one("SELECT pid FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted"));
          operator.run(page.section("End it"));

          // Then
          await("all are emitted again")
              .until(() -> examples.emitted().size() == emitted + ExampleStack.ORDERS);
        }
        String waiting = operator.run(page.section("Cured"));
        assertTrue(waiting.lines().anyMatch(line -> line.strip().equals("0")), waiting);
        operator.leftNoneOut(page);
      }
    }
  }
}
