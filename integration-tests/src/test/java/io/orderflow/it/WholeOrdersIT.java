package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Database;
import io.orderflow.it.fixture.Event;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import io.orderflow.it.fixture.Writers;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An event holds the order and all its items as of one database snapshot. */
@OnRealWorkers
class WholeOrdersIT {
  private static final int ORDERS = 200;

  @ParameterizedTest
  @EnumSource
  void everyEventsItemsAddUpToItsOwnTotal(Capture capture, Stage stage) {
    // Given
    Shop shop = stage.shop();
    shop.fill(ORDERS);
    Topic topic = stage.topic("orders", 4);
    Map<String, String> config = capture.tasks(capture.source(shop, topic), 3);
    config.put("poll.interval.ms", "10");

    // When
    try (Writers writers = Writers.start(shop, 4, WholeOrdersIT::rewrite)) {
      stage.connectors().start("source", config);
      await("plenty was captured while the shop worked")
          .until(() -> writers.committed() > 2_000 && topic.count() > 2_000);
    }
    await("the last version of every order was captured")
        .until(topic::versions, equalTo(shop.versions()));

    // Then
    List<String> torn =
        topic.events().stream().filter(event -> !isWhole(event)).map(Event::toString).toList();
    assertEquals(List.of(), torn, "Of " + topic.count() + " events");
    Set<Integer> sizes = new HashSet<>();
    topic.events().forEach(event -> sizes.add(event.value().path("items").size()));
    assertTrue(sizes.size() > 4, "Orders grew and shrank: " + sizes);
  }

  /**
   * Gives an order other items, and updates its total and number of items, each in its own
   * statement.
   */
  private static void rewrite(Connection connection, Random random) throws SQLException {
    long id = 1L + random.nextInt(ORDERS);
    boolean itemsFirst = random.nextBoolean();
    // A writer locks the order that it rewrites.
    Database.execute(connection, "SELECT FROM orders WHERE id = ? FOR UPDATE", id);
    if (!itemsFirst) {
      Database.execute(connection, "UPDATE orders SET version = version + 1 WHERE id = ?", id);
    }
    int lines = random.nextInt(6);
    Database.execute(connection, "DELETE FROM order_items WHERE order_id = ?", id);
    for (int line = 1; line <= lines; line++) {
      Database.execute(
          connection,
          "INSERT INTO order_items VALUES (?, ?, ?, ?, ?)",
          id,
          line,
          "SKU-" + line,
          1 + random.nextInt(9),
          new BigDecimal(random.nextInt(10_000)).movePointLeft(2));
    }
    Database.execute(
        connection,
        """
        UPDATE orders
           SET lines = (SELECT count(*) FROM order_items WHERE order_id = id),
               total = (SELECT coalesce(sum(quantity * unit_price), 0)
                          FROM order_items WHERE order_id = id),
               version = version + ?
         WHERE id = ?
        """,
        itemsFirst ? 1 : 0,
        id);
  }

  private static boolean isWhole(Event event) {
    JsonNode order = event.value();
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode item : order.path("items")) {
      sum =
          sum.add(
              new BigDecimal(item.path("unit_price").asText())
                  .multiply(BigDecimal.valueOf(item.path("quantity").asLong())));
    }
    return sum.compareTo(new BigDecimal(order.path("total").asText())) == 0
        && order.path("lines").asInt() == order.path("items").size();
  }
}
