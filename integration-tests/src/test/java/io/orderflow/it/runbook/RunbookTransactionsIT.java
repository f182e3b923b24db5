package io.orderflow.it.runbook;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Transactions that hold up a capture are found and ended, as their pages say. */
@RunbookTest
class RunbookTransactionsIT {
  private static final String OFFSETS = "connect-offsets";

  /**
   * A snapshot that a lock stalls continues once the page's commands have ended the transaction.
   */
  @Test
  void stalledSnapshot() throws Exception {
    for (String source : List.of("orders-source", "orders-source-log")) {
      ExampleStack.follow(
          "stalled-snapshot.md",
          source,
          (examples, operator) -> {
            // Given
            examples.rest().stop(source);
            examples.rest().awaitState(source, "STOPPED", ExampleStack.SOON);
            examples.rest().deleteOffsets(source);
            try (Connection forgotten = examples.shop().connect()) {
              forgotten.setAutoCommit(false);
              forgotten.createStatement().execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
              examples.rest().resume(source);

              // When
              await("the snapshot waits for the lock")
                  .until(() -> operator.run("See").contains("idle in transaction"));
              int emitted = examples.emitted().size();
              operator.means(
                  "12345",
                  examples
                      .shop()
                      .one(
                          "SELECT pid FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND"
                              + " granted"));
              operator.run("End it");

              // Then
              await("all are emitted again")
                  .until(() -> examples.emitted().size() == emitted + ExampleStack.ORDERS);
            }
            String waiting = operator.run("Cured");
            assertTrue(waiting.lines().anyMatch(line -> line.strip().equals("0")), waiting);
          });
    }
  }

  /** A transaction that Kafka forgot to end is found and undone, as its page says. */
  @Test
  void hangingTransaction() throws Exception {
    ExampleStack.follow(
        "hanging-transactions.md",
        "orders-source",
        (examples, operator) -> {
          // Given
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
              .until(() -> operator.run("See").contains(OFFSETS));

          // Then
          assertEquals(
              0,
              examples
                  .warehouse()
                  .number("SELECT count(*) FROM order_inventory WHERE order_id >= 5000"));

          // When
          operator.run("End it");

          // Then
          examples.awaitAllApplied();
          String cured = operator.run("Cured");
          assertFalse(cured.contains(OFFSETS), cured);
          assertTrue(cured.contains("RUNNING"), cured);
        });
  }

  @Test
  void stuckHorizon() throws Exception {
    ExampleStack.follow(
        "stuck-horizon.md",
        "orders-source",
        (examples, operator) -> {
          // Given
          operator.psql("shop", "CREATE ROLE shop_application");
          operator.psql(
              "shop",
              "CREATE TABLE other (n int); BEGIN; INSERT INTO other VALUES (1); PREPARE TRANSACTION"
                  + " 'gid-of-the-answer';");
          try (Connection forgotten = examples.shop().connect()) {
            forgotten.setAutoCommit(false);
            forgotten.createStatement().execute("INSERT INTO other VALUES (2)");
            examples.place(5000, 1);

            // When
            String seen = operator.run("See");
            operator.means(
                "12345",
                examples
                    .shop()
                    .one(
                        "SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction' AND"
                            + " backend_xid IS NOT NULL"));

            // Then
            assertTrue(seen.contains("idle in transaction"), seen);
            assertTrue(seen.contains("gid-of-the-answer"), seen);
            assertEquals(
                0,
                examples
                    .warehouse()
                    .number("SELECT count(*) FROM order_inventory WHERE order_id = 5000"));

            // When
            operator.run("End it");
          }

          // Then
          examples.awaitAllApplied();
          operator.run("Cured");
        });
  }
}
