package io.orderflow.it.runbook;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;

/** The audit trail is begun, looked at, cut and ended while orders come, as its page says. */
@RunbookTest
class RunbookAuditIT {

  @Test
  void auditTrail() throws Exception {
    try (ExampleStack examples = ExampleStack.begin("orders-source")) {
      // Given
      Runbook page = Runbook.read("audit.md");
      Operator operator = examples.operator();

      // When
      operator.run(page.section("Begin"));
      await("changes leave a row").until(() -> changeIsKept(examples));

      // Then
      String trail = operator.run(page.section("Look"));
      assertTrue(trail.contains("RESERVED"), trail);

      // When
      String present = YearMonth.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("uuuu_MM"));
      operator.means("2026_01", present);
      operator.run(page.section("Drop old months"));

      // Then
      await("the month is made again").until(() -> changeIsKept(examples));

      // When
      operator.run(page.section("End"));

      // Then
      examples.place(5000, 10);
      examples.awaitAllApplied();
      operator.leftNoneOut(page);
    }
  }

  private static boolean changeIsKept(ExampleStack examples) {
    examples.shop().execute("UPDATE orders SET version = version + 1 WHERE id = 4711");
    examples.awaitAllApplied();
    return examples.warehouse().number("SELECT count(*) FROM order_audit WHERE order_id = 4711")
        > 0;
  }
}
