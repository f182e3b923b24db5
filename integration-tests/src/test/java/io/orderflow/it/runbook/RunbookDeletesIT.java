package io.orderflow.it.runbook;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of deleted orders is cleared of emitted orders, as the source's page says. */
@RunbookTest
class RunbookDeletesIT {

  @Test
  void emittedDeletesAreCleared() throws Exception {
    try (ExampleStack examples = ExampleStack.begin("orders-source")) {
      // Given
      Runbook page = Runbook.read("../source.md");
      List<Runbook.Block> commands = page.section("Deleted orders");
      Operator operator = examples.operator();
      operator.run(commands.subList(0, 2));
      examples.shop().execute("DELETE FROM orders WHERE id = 4711");
      long deletedAt = examples.shop().number("SELECT change_xid FROM orders_deleted");
      awaitReleased(examples, 4711);

      // When
      examples.shop().execute("UPDATE orders SET version = version + 1");
      await("each shard has emitted more")
          .until(() -> Long.parseLong(operator.run(commands.subList(2, 3)).strip()) > deletedAt);
      operator.means("75512", operator.run(commands.subList(2, 3)).strip());
      operator.run(commands.subList(3, 4));

      // Then
      assertEquals(0, examples.shop().number("SELECT count(*) FROM orders_deleted"));
      examples.shop().execute("DELETE FROM orders WHERE id = 4712");
      awaitReleased(examples, 4712);
      operator.leftNoneOut(page);
    }
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
}
