package io.orderflow.it.runbook;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Pages whose commands are run while orders are placed. */
@RunbookTest
class RunbookPagesIT {

  private static final Pattern ID_AND_VERSION =
      Pattern.compile("\"id\":(\\d+),.*\"version\":(\\d+)");

  /**
   * The audit trail is started, queried, cut and ended while orders are placed, as its page says.
   */
  @Test
  void auditTrail() throws Exception {
    ExampleStack.follow(
        "audit.md",
        "orders-source",
        (examples, operator) -> {
          // When
          operator.run("Begin");
          await("changes leave a row").until(() -> changeIsKept(examples));

          // Then
          String trail = operator.run("Look");
          assertTrue(trail.contains("RESERVED"), trail);

          // When
          String present =
              YearMonth.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("uuuu_MM"));
          operator.means("2026_01", present);
          operator.run("Drop old months");

          // Then
          await("the month is made again").until(() -> changeIsKept(examples));

          // When
          operator.run("End");

          // Then
          examples.place(5000, 10);
          examples.awaitAllApplied();
        });
  }

  private static boolean changeIsKept(ExampleStack examples) {
    examples.shop().execute("UPDATE orders SET version = version + 1 WHERE id = 4711");
    examples.awaitAllApplied();
    return examples.warehouse().number("SELECT count(*) FROM order_audit WHERE order_id = 4711")
        > 0;
  }

  /** The table of deleted orders is cleared of emitted orders, as the source's page says. */
  @Test
  void emittedDeletesAreCleared() throws Exception {
    ExampleStack.follow(
        "../source.md",
        "orders-source",
        (examples, operator) -> {
          // Given
          List<Runbook.Block> commands = operator.section("Deleted orders");
          operator.run(commands.subList(0, 2));
          examples.shop().execute("DELETE FROM orders WHERE id = 4711");
          long deletedAt = examples.shop().number("SELECT change_xid FROM orders_deleted");
          awaitReleased(examples, 4711);

          // When
          examples.shop().execute("UPDATE orders SET version = version + 1");
          await("each shard has emitted more")
              .until(
                  () -> Long.parseLong(operator.run(commands.subList(2, 3)).strip()) > deletedAt);
          operator.means("75512", operator.run(commands.subList(2, 3)).strip());
          operator.run(commands.subList(3, 4));

          // Then
          assertEquals(0, examples.shop().number("SELECT count(*) FROM orders_deleted"));
          examples.shop().execute("DELETE FROM orders WHERE id = 4712");
          awaitReleased(examples, 4712);
        });
  }

  private static void awaitReleased(ExampleStack examples, int order) {
    await("the sink knows that it is gone")
        .until(
            () ->
                examples
                    .warehouse()
                    .one("SELECT state FROM order_inventory WHERE order_id = " + order),
            equalTo("RELEASED"));
  }

  /** Stock comes in, comes back, and outcomes are published, as the page of the examples says. */
  @Test
  void restockingAndOutcomes() throws Exception {
    ExampleStack.follow(
        "../../config-examples/README.md",
        "orders-source",
        (examples, operator) -> {
          // Given
          operator.bash("cp -r config-examples/. .");

          // When
          operator.run("Restocking");

          // Then
          await("the delivery is corrected")
              .until(() -> outcome(examples, 700_001), equalTo("2 RECEIVED"));
          await("the order is back").until(() -> outcome(examples, 4711), equalTo("9 RETURNED"));
          assertEquals(
              "1048 199",
              examples
                  .warehouse()
                  .one("SELECT on_hand || ' ' || reserved FROM stock WHERE sku = 'A'"));
          assertEquals(0, examples.warehouse().number("SELECT count(*) FROM stock_drift"));

          // When
          operator.run("Outcomes, back to the order service");
          examples
              .shop()
              .execute("UPDATE orders SET status = 'SHIPPED', version = 2 WHERE id = 4712");

          // Then
          await("it is emitted").until(() -> isEmitted(operator, "4712", "SHIPPED"));

          // When
          operator.run("Availability, for the shop's pages");

          // Then
          await("each row of stock is emitted")
              .until(
                  () ->
                      examples.events("availability")
                          >= examples.warehouse().number("SELECT count(*) FROM stock"));
        });
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

  /**
   * Capture is switched to the log, back, and to the log again, as the runbook says, while the shop
   * works. /
   */
  @Test
  void switchingCapturesLosesAndRepeatsNothing() throws Exception {
    ExampleStack.follow(
        "switching-captures.md",
        "orders-source",
        (examples, operator) -> {
          // Given
          AtomicBoolean over = new AtomicBoolean();
          CompletableFuture<Void> shop =
              CompletableFuture.runAsync(
                  () -> {
                    for (int order = 4701; !over.get(); order = order == 4900 ? 4701 : order + 1) {
                      examples
                          .shop()
                          .execute("UPDATE orders SET version = version + 1 WHERE id = " + order);
                    }
                  });

          // When
          operator.run("From query to log");
          operator.run("From log to query");
          operator.run("Cured");
          operator.run("From query to log");
          over.set(true);
          shop.get();
          examples.awaitAllApplied();

          // Then
          Map<String, Long> emitted = new HashMap<>();
          for (String event : examples.emitted()) {
            Matcher parts = ID_AND_VERSION.matcher(event);
            assertTrue(parts.find(), event);
            long version = Long.parseLong(parts.group(2));
            Long before = emitted.put(parts.group(1), version);
            assertTrue(before == null || before < version, () -> event + " after " + before);
          }
          assertEquals(examples.shop().map("SELECT id, version FROM orders"), asText(emitted));
        });
  }

  private static Map<String, String> asText(Map<String, Long> versions) {
    Map<String, String> texts = new HashMap<>();
    versions.forEach((id, version) -> texts.put(id, version.toString()));
    return texts;
  }
}
