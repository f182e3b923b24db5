package io.orderflow.it.runbook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.it.fixture.Await;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The table of deleted orders is cleared of what has been told, as the source's page says. */
@EnabledIfSystemProperty(named = "orderflow.runbooks", matches = "true")
class RunbookDeletesIT {

  @Test
  void deletesThatWereToldAreCleared() throws Exception {
    try (Trade trade = Trade.begin("orders-source")) {
      // Given
      Runbook page = Runbook.read("../source.md");
      List<Runbook.Block> commands = page.section("Deleted orders");
      Operator operator = trade.operator();
      operator.run(commands.subList(0, 2));
      trade.shop().execute("DELETE FROM orders WHERE id = 4711");
      long deletedAt = trade.shop().number("SELECT change_xid FROM orders_deleted");
      awaitReleased(trade, 4711);

      // When
      trade.shop().execute("UPDATE orders SET version = version + 1");
      Await.until(
          "each shard has told more",
          Trade.SOON,
          () -> Long.parseLong(operator.run(commands.subList(2, 3)).strip()) > deletedAt);
      operator.means("75512", operator.run(commands.subList(2, 3)).strip());
      operator.run(commands.subList(3, 4));

      // Then
      assertEquals(0, trade.shop().number("SELECT count(*) FROM orders_deleted"));
      trade.shop().execute("DELETE FROM orders WHERE id = 4712");
      awaitReleased(trade, 4712);
      operator.leftNoneOut(page);
    }
  }

  private static void awaitReleased(Trade trade, int order) {
    Await.equal(
        "the sink knows that it is gone",
        "RELEASED",
        Trade.SOON,
        () -> trade.warehouse().one("SELECT state FROM order_inventory WHERE order_id = " + order));
  }
}
