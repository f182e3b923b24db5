package io.orderflow.it.runbook;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Each test causes the trouble of a runbook, runs its commands as they stand, and checks that the
 * trouble is over. Needs bash, curl, jq and psql, which the build does not; so it is a command of
 * its own.
 */
@RunbookTest
class RunbooksIT {

  @Test
  void lookingWhetherAllIsWell() throws Exception {
    ExampleStack.follow(
        "README.md",
        "orders-source",
        (examples, operator) -> {
          assertEquals("0", operator.run("Check a configuration before it is used").strip());
          String all = operator.run("Is all well?");
          assertTrue(all.contains("orders-source RUNNING"), all);
          assertTrue(all.contains("RESERVED"), all);
        });
  }

  @Test
  void scaling() throws Exception {
    ExampleStack.follow(
        "scaling.md",
        "orders-source",
        (examples, operator) -> {
          // Given
          operator.means("75512", examples.shop().one("SELECT max(change_xid) FROM orders"));
          operator.run("See");

          // When
          operator.run("More tasks");
          operator.run("More partitions");
          examples.place(5000, 400);
          examples.shop().execute("UPDATE orders SET version = version + 1 WHERE id < 4800");

          // Then
          examples.awaitAllApplied();
          examples.rest().awaitRunning("inventory-sink", 4, ExampleStack.SOON);
        });
  }

  @Test
  void rewinding() throws Exception {
    ExampleStack.follow(
        "rewinding.md",
        "orders-source",
        (examples, operator) -> {
          // Given
          examples.shop().execute("UPDATE orders SET version = 2 WHERE id <= 4710");
          examples.awaitAllApplied();
          operator.means(
              "75512", examples.shop().one("SELECT min(change_xid) FROM orders WHERE version = 2"));

          // When
          operator.run("The source, with capture=query");

          // Then
          await("what was changed since is emitted again")
              .until(() -> emitted(examples, 4710), equalTo(3L));
          assertEquals(1, emitted(examples, 4900));

          // When
          operator.run("All of it");

          // Then
          await("all are emitted again").until(() -> emitted(examples, 4900), equalTo(2L));

          // When
          operator.run("The sink");
          operator.run("Cured");

          // Then
          examples.rest().awaitRunning("inventory-sink", 2, ExampleStack.SOON);
          examples.shop().execute("UPDATE orders SET version = version + 1");
          examples.awaitAllApplied();
        });
  }

  /** The number of events of the order. */
  private static long emitted(ExampleStack examples, int order) throws Exception {
    return examples.emitted().stream()
        .filter(line -> line.contains("\"id\":" + order + ","))
        .count();
  }

  @Test
  void reloading() throws Exception {
    for (String source : List.of("orders-source", "orders-source-log")) {
      ExampleStack.follow(
          "reloading.md",
          source,
          (examples, operator) -> {
            // Given
            operator.run("See");
            long before = examples.events("orders");

            // When, then
            operator.run("One order, or a range, for consumers that lost it");
            await("they are emitted again, each as often as it was touched, or the last of it")
                .until(() -> examples.events("orders") >= before + ExampleStack.ORDERS);

            // When, then
            operator.run("One order for the sink: a new version");
            await("the order is applied again")
                .until(
                    () ->
                        examples
                            .warehouse()
                            .one("SELECT version FROM order_inventory WHERE order_id = 4711"),
                    equalTo("2"));

            // When, then
            examples.warehouse().execute("UPDATE stock SET reserved = 0, moved = 0");
            operator.run("Rows of stock that were deleted, or imported again");
            assertEquals("0", examples.warehouse().one("SELECT count(*) FROM stock_drift"));

            // When, then
            operator.run("Everything, into a warehouse that starts over");
            examples.awaitAllApplied();
            assertEquals("", rows(operator.run("Cured"), "RELEASED|REJECTED"));
          });
    }
  }

  private static String rows(String printed, String pattern) {
    return String.join(
        "\n", printed.lines().filter(line -> line.matches(".*(" + pattern + ").*")).toList());
  }

  @Test
  void deadLetters() throws Exception {
    ExampleStack.follow(
        "dead-letters.md",
        "orders-source",
        (examples, operator) -> {
          // Given
          examples
              .warehouse()
              .execute(
                  "ALTER TABLE order_inventory ADD CONSTRAINT mistaken CHECK (order_id < 5000)");
          examples.place(5000, 3);
          await("three are in the queue")
              .until(() -> examples.events("inventory-dead-letters") == 3);

          // When
          String seen = operator.run("See");
          examples.warehouse().execute("ALTER TABLE order_inventory DROP CONSTRAINT mistaken");
          List<Runbook.Block> back = operator.section("Put them back");
          operator.run(back.subList(0, 1));

          // Then
          assertTrue(seen.contains("constraint mistaken"), seen);
          examples.awaitAllApplied();
          operator.run(back.subList(1, back.size()));
          operator.run("A record that is too large for the queue");
          operator.run("A task that stopped");
          operator.run("Cured");
          assertEquals(0, examples.events("inventory-dead-letters-again"));
        });
  }

  @Test
  void lostSlot() throws Exception {
    ExampleStack.follow(
        "lost-slot.md",
        "orders-source-log",
        (examples, operator) -> {
          // Given
          examples.rest().stop("orders-source-log");
          examples.rest().awaitState("orders-source-log", "STOPPED", ExampleStack.SOON);
          await("the slot is free")
              .until(
                  () ->
                      examples
                              .shop()
                              .number("SELECT count(*) FROM pg_replication_slots WHERE active")
                          == 0);
          examples.shop().texts("SELECT pg_drop_replication_slot('orderflow_orders')");
          examples.shop().execute("UPDATE orders SET version = version + 1");
          examples.rest().resume("orders-source-log");
          await("the task has failed")
              .until(() -> !examples.rest().status("orders-source-log").failures().isEmpty());

          // When
          String seen = operator.run("See");
          operator.run("Capture again");
          operator.run("Cured");

          // Then
          assertTrue(seen.contains("slot.name"), seen);
          examples.awaitAllApplied();
        });
  }

  @Test
  void failover() throws Exception {
    ExampleStack.follow(
        "failover.md",
        "orders-source",
        (examples, operator) -> {
          // Given: a server that loses its last transactions
          operator.run("PostgreSQL");
          operator.means("75512", examples.shop().one("SELECT min(change_xid) FROM orders"));
          var server = examples.stack().localPostgres();
          server.stop();
          operator.bash("cp -a ../postgres postgres-before");
          server.start();
          for (int round = 0; round < 20; round++) {
            examples
                .shop()
                .execute(
                    "UPDATE orders SET version = version + 1, updated_at = now() WHERE id < 4711");
          }
          examples.awaitAllApplied();
          server.stop();
          operator.bash("rm -rf ../postgres; mv postgres-before ../postgres");
          server.start();
          await("the source has seen it")
              .until(
                  () ->
                      examples
                          .rest()
                          .status("orders-source")
                          .failures()
                          .contains("has lost transactions"));

          // When
          operator.run("Transactions of the shop are lost");
          operator.run("A worker, a broker, Kafka as a whole");
          operator.run("Cured");

          // Then
          examples.awaitAllApplied();
        });
  }

  @Test
  void blueGreenAndCanary() throws Exception {
    ExampleStack.follow(
        "blue-green-and-canary.md",
        "orders-source",
        (examples, operator) -> {
          List<Runbook.Block> canary = operator.section("Canary: a share of the orders");
          operator.run(canary.subList(0, 1));
          await("the canary has its share").until(() -> same(operator.run(canary.subList(1, 2))));
          operator.run(canary.subList(2, canary.size()));

          List<Runbook.Block> green =
              operator.section("Blue/green: a second sink into a second warehouse");
          operator.run(green.subList(0, 2));
          await("green is as blue").until(() -> same(operator.run(green.subList(2, 3))));
          operator.run(green.subList(3, green.size()));
        });
  }

  /** The last lines of two databases, as many of each, are the same, and are not empty. */
  private static boolean same(String printed) {
    List<String> lines =
        printed
            .lines()
            .filter(line -> line.contains("|") || line.matches("\\d+"))
            .filter(line -> !line.contains("connect-"))
            .toList();
    int half = lines.size() / 2;
    return half > 0
        && !lines.get(0).startsWith("0|")
        && lines.subList(0, half).equals(lines.subList(half, lines.size()));
  }
}
