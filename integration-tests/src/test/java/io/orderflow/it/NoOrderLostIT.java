package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.InterleavedTransactions;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The latest committed state of every order reaches the topic. */
@OnRealWorkers
class NoOrderLostIT {
  private static final int ORDERS = 400;
  private static final int TRANSACTIONS = 500;
  private static final int TASKS = 4;

  /** What an event must show of an order: its own columns, and all its items. */
  private static final String STATE =
      """
      SELECT id, concat_ws(' ', status, lines, (
                   SELECT string_agg(concat_ws(' ', line_no, sku, quantity), ', ' ORDER BY line_no)
                     FROM order_items WHERE order_id = id))
        FROM orders
      """;

  @ParameterizedTest
  @EnumSource
  void everyOrderArrivesWhateverTheOrderInWhichTransactionsCommit(Capture capture, Stage stage)
      throws SQLException {
    // Given
    Shop shop = stage.shop("bigint");
    shop.fill(ORDERS);
    shop.install();
    // The version is the position: a change of items alone counts, and has no number of its own.
    shop.database().execute("ALTER TABLE orders DROP COLUMN version");
    Topic topic = stage.topic("orders", 4);
    Map<String, String> config = capture.tasks(capture.source(shop, topic), TASKS);
    config.remove("version.column");
    config.put("poll.interval.ms", "10");
    stage.connectors().start("source", config);
    await("the snapshot is done").until(() -> topic.count() == ORDERS);

    // When
    try (var transactions =
        new InterleavedTransactions(shop, ORDERS, capture == Capture.QUERY ? TASKS : 0)) {
      transactions.runUntil(TRANSACTIONS / 2);
      await("the source is at work meanwhile").until(() -> topic.count() >= ORDERS + 20);
      transactions.runUntil(TRANSACTIONS);
      transactions.finish();
      assertTrue(transactions.rolledBack() >= 20, "Rolled back: " + transactions.rolledBack());
      assertTrue(transactions.outOfOrder() >= 100, "Out of order: " + transactions.outOfOrder());
      assertTrue(
          transactions.overtakenByHundreds() >= 3,
          "Overtaken by hundreds: " + transactions.overtakenByHundreds());
    }

    // Then
    Map<String, String> committed = new TreeMap<>(shop.database().map(STATE));
    await("the committed state of every order has arrived")
        .until(() -> states(topic), equalTo(committed));
    assertEquals(committed.keySet(), topic.latest().keySet(), "Nothing that was rolled back");
  }

  private static Map<String, String> states(Topic topic) {
    Map<String, String> states = new TreeMap<>();
    topic
        .latest()
        .forEach(
            (id, event) -> {
              var state = new StringBuilder();
              state.append(event.value().path("status").asText()).append(' ');
              state.append(event.value().path("lines").asInt());
              String separator = " ";
              for (var item : event.value().path("items")) {
                state
                    .append(separator)
                    .append(item.path("line_no").asInt())
                    .append(' ')
                    .append(item.path("sku").asText())
                    .append(' ')
                    .append(item.path("quantity").asInt());
                separator = ", ";
              }
              states.put(id, state.toString());
            });
    return states;
  }
}
