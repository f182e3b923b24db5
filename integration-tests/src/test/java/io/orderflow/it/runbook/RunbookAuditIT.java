package io.orderflow.it.runbook;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Await;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The audit trail is begun, looked at, cut and ended while orders come, as its page says. */
@EnabledIfSystemProperty(named = "orderflow.runbooks", matches = "true")
class RunbookAuditIT {

  @Test
  void auditTrail() throws Exception {
    try (Trade trade = Trade.begin("orders-source")) {
      // Given
      Runbook page = Runbook.read("audit.md");
      Operator operator = trade.operator();

      // When
      operator.run(page.section("Begin"));
      Await.until("changes leave a row", Trade.SOON, () -> changeIsKept(trade));

      // Then
      String trail = operator.run(page.section("Look"));
      assertTrue(trail.contains("RESERVED"), trail);

      // When
      String present = YearMonth.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("uuuu_MM"));
      operator.means("2026_01", present);
      operator.run(page.section("Drop old months"));

      // Then
      Await.until("the month is made again", Trade.SOON, () -> changeIsKept(trade));

      // When
      operator.run(page.section("End"));

      // Then
      trade.place(5000, 10);
      trade.awaitAllApplied();
      operator.leftNoneOut(page);
    }
  }

  private static boolean changeIsKept(Trade trade) {
    trade.shop().execute("UPDATE orders SET version = version + 1 WHERE id = 4711");
    trade.awaitAllApplied();
    return trade.warehouse().number("SELECT count(*) FROM order_audit WHERE order_id = 4711") > 0;
  }
}
