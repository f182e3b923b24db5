package io.orderflow.it.runbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Await;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The trouble of each runbook is brought about, its commands are run as they stand, and the trouble
 * is over. Needs bash, curl, jq and psql, which the build does not; so it is a command of its own.
 */
@EnabledIfSystemProperty(named = "orderflow.runbooks", matches = "true")
class RunbooksIT {

  @Test
  void lookingWhetherAllIsWell() throws Exception {
    try (Trade trade = Trade.begin("orders-source")) {
      Runbook page = Runbook.read("README.md");
      Operator operator = trade.operator();
      assertEquals(
          "0", operator.run(page.section("Check a configuration before it is used")).strip());
      String all = operator.run(page.section("Is all well?"));
      assertTrue(all.contains("orders-source RUNNING"), all);
      assertTrue(all.contains("RESERVED"), all);
      operator.leftNoneOut(page);
    }
  }

  @Test
  void scaling() throws Exception {
    try (Trade trade = Trade.begin("orders-source")) {
      // Given
      Runbook page = Runbook.read("scaling.md");
      Operator operator = trade.operator();
      operator.means("75512", trade.shop().one("SELECT max(change_xid) FROM orders"));
      operator.run(page.section("See"));

      // When
      operator.run(page.section("More tasks"));
      operator.run(page.section("More partitions"));
      trade.place(5000, 400);
      trade.shop().execute("UPDATE orders SET version = version + 1 WHERE id < 4800");

      // Then
      trade.awaitAllApplied();
      trade.rest().awaitRunning("inventory-sink", 4, Trade.SOON);
      operator.leftNoneOut(page);
    }
  }

  @Test
  void rewinding() throws Exception {
    try (Trade trade = Trade.begin("orders-source")) {
      // Given
      Runbook page = Runbook.read("rewinding.md");
      Operator operator = trade.operator();
      trade.shop().execute("UPDATE orders SET version = 2 WHERE id <= 4710");
      trade.awaitAllApplied();
      operator.means(
          "75512", trade.shop().one("SELECT min(change_xid) FROM orders WHERE version = 2"));

      // When
      operator.run(page.section("The source, with capture=query"));

      // Then
      Await.equal("what was changed since is told again", 3L, Trade.SOON, () -> told(trade, 4710));
      assertEquals(1, told(trade, 4900));

      // When
      operator.run(page.section("All of it"));

      // Then
      Await.equal("all are told again", 2L, Trade.SOON, () -> told(trade, 4900));

      // When
      operator.run(page.section("The sink"));
      operator.run(page.section("Cured"));

      // Then
      trade.rest().awaitRunning("inventory-sink", 2, Trade.SOON);
      trade.shop().execute("UPDATE orders SET version = version + 1");
      trade.awaitAllApplied();
      operator.leftNoneOut(page);
    }
  }

  /** How many events of the order there are. */
  private static long told(Trade trade, int order) throws Exception {
    return trade.told().stream().filter(line -> line.contains("\"id\":" + order + ",")).count();
  }

  @Test
  void reloading() throws Exception {
    for (String source : List.of("orders-source", "orders-source-log")) {
      try (Trade trade = Trade.begin(source)) {
        // Given
        Runbook page = Runbook.read("reloading.md");
        Operator operator = trade.operator();
        operator.run(page.section("See"));
        long before = trade.events("orders");

        // When, then
        operator.run(page.section("One order, or a range, for consumers that lost it"));
        Await.until(
            "they are told again, each as often as it was touched, or the last of it",
            Trade.SOON,
            () -> trade.events("orders") >= before + Trade.ORDERS);

        // When, then
        operator.run(page.section("One order for the sink: a new version"));
        Await.equal(
            "the order is applied anew",
            "2",
            Trade.SOON,
            () ->
                trade.warehouse().one("SELECT version FROM order_inventory WHERE order_id = 4711"));

        // When, then
        operator.run(page.section("Everything, into a warehouse that starts over"));
        trade.awaitAllApplied();
        assertEquals("", rows(operator.run(page.section("Cured")), "RELEASED|REJECTED"));
        operator.leftNoneOut(page);
      }
    }
  }

  private static String rows(String printed, String pattern) {
    return String.join(
        "\n", printed.lines().filter(line -> line.matches(".*(" + pattern + ").*")).toList());
  }

  @Test
  void deadLetters() throws Exception {
    try (Trade trade = Trade.begin("orders-source")) {
      // Given
      Runbook page = Runbook.read("dead-letters.md");
      Operator operator = trade.operator();
      trade
          .warehouse()
          .execute("ALTER TABLE order_inventory ADD CONSTRAINT mistaken CHECK (order_id < 5000)");
      trade.place(5000, 3);
      Await.until(
          "three are in the queue", Trade.SOON, () -> trade.events("inventory-dead-letters") == 3);

      // When
      String seen = operator.run(page.section("See"));
      trade.warehouse().execute("ALTER TABLE order_inventory DROP CONSTRAINT mistaken");
      List<Runbook.Block> back = page.section("Put them back");
      operator.run(back.subList(0, 1));

      // Then
      assertTrue(seen.contains("constraint mistaken"), seen);
      trade.awaitAllApplied();
      operator.run(back.subList(1, back.size()));
      operator.run(page.section("A task that stopped"));
      operator.run(page.section("Cured"));
      assertEquals(0, trade.events("inventory-dead-letters-again"));
      operator.leftNoneOut(page);
    }
  }

  @Test
  void stuckHorizon() throws Exception {
    try (Trade trade = Trade.begin("orders-source")) {
      // Given
      Runbook page = Runbook.read("stuck-horizon.md");
      Operator operator = trade.operator();
      operator.psql("shop", "CREATE ROLE shop_application");
      operator.psql(
          "shop",
          "CREATE TABLE other (n int); BEGIN; INSERT INTO other VALUES (1); PREPARE TRANSACTION 'gid-of-the-answer';");
      try (Connection forgotten = trade.shop().connect()) {
        forgotten.setAutoCommit(false);
        forgotten.createStatement().execute("INSERT INTO other VALUES (2)");
        trade.place(5000, 1);

        // When
        String seen = operator.run(page.section("See"));
        operator.means(
            "12345",
            trade
                .shop()
                .one(
                    "SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction' AND backend_xid IS NOT NULL"));

        // Then
        assertTrue(seen.contains("idle in transaction"), seen);
        assertTrue(seen.contains("gid-of-the-answer"), seen);
        assertEquals(
            0,
            trade.warehouse().number("SELECT count(*) FROM order_inventory WHERE order_id = 5000"));

        // When
        operator.run(page.section("End it"));
      }

      // Then
      trade.awaitAllApplied();
      operator.run(page.section("Cured"));
      operator.leftNoneOut(page);
    }
  }

  @Test
  void lostSlot() throws Exception {
    try (Trade trade = Trade.begin("orders-source-log")) {
      // Given
      Runbook page = Runbook.read("lost-slot.md");
      Operator operator = trade.operator();
      trade.rest().stop("orders-source-log");
      trade.rest().awaitState("orders-source-log", "STOPPED", Trade.SOON);
      Await.until(
          "the slot is free",
          Trade.SOON,
          () -> trade.shop().number("SELECT count(*) FROM pg_replication_slots WHERE active") == 0);
      trade.shop().texts("SELECT pg_drop_replication_slot('orderflow_orders')");
      trade.shop().execute("UPDATE orders SET version = version + 1");
      trade.rest().resume("orders-source-log");
      Await.until(
          "the task has failed",
          Trade.SOON,
          () -> !trade.rest().status("orders-source-log").failures().isEmpty());

      // When
      String seen = operator.run(page.section("See"));
      operator.run(page.section("Capture again"));
      operator.run(page.section("Cured"));

      // Then
      assertTrue(seen.contains("slot.name"), seen);
      trade.awaitAllApplied();
      operator.leftNoneOut(page);
    }
  }

  @Test
  void failover() throws Exception {
    try (Trade trade = Trade.begin("orders-source")) {
      // Given: a server that loses its last transactions
      Runbook page = Runbook.read("failover.md");
      Operator operator = trade.operator();
      operator.run(page.section("PostgreSQL"));
      operator.means("75512", trade.shop().one("SELECT min(change_xid) FROM orders"));
      var server = trade.stack().localPostgres();
      server.stop();
      operator.bash("cp -a ../postgres postgres-before");
      server.start();
      for (int round = 0; round < 20; round++) {
        trade
            .shop()
            .execute("UPDATE orders SET version = version + 1, updated_at = now() WHERE id < 4711");
      }
      trade.awaitAllApplied();
      server.stop();
      operator.bash("rm -rf ../postgres; mv postgres-before ../postgres");
      server.start();
      Await.until(
          "the source has seen it",
          Trade.SOON,
          () -> trade.rest().status("orders-source").failures().contains("has lost transactions"));

      // When
      operator.run(page.section("Transactions of the shop are lost"));
      operator.run(page.section("A worker, a broker, Kafka as a whole"));
      operator.run(page.section("Cured"));

      // Then
      trade.awaitAllApplied();
      operator.leftNoneOut(page);
    }
  }

  @Test
  void blueGreenAndCanary() throws Exception {
    try (Trade trade = Trade.begin("orders-source")) {
      Runbook page = Runbook.read("blue-green-and-canary.md");
      Operator operator = trade.operator();
      List<Runbook.Block> canary = page.section("Canary: a share of the orders");
      operator.run(canary.subList(0, 1));
      Await.until(
          "the canary has its share", Trade.SOON, () -> same(operator.run(canary.subList(1, 2))));
      operator.run(canary.subList(2, canary.size()));

      List<Runbook.Block> green = page.section("Blue/green: a second sink into a second warehouse");
      operator.run(green.subList(0, 2));
      Await.until("green is as blue", Trade.SOON, () -> same(operator.run(green.subList(2, 3))));
      operator.run(green.subList(3, green.size()));
      operator.leftNoneOut(page);
    }
  }

  /** The last lines of two databases, as many of each, are the same, and say something. */
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
