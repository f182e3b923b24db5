package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Event;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An order that is larger than Kafka accepts, on a worker and a broker with default limits. */
@OnRealWorkers
class LargeOrdersIT {
  private static final int ITEMS = 40_000;

  @ParameterizedTest
  @EnumSource(Capture.class)
  void captureContinuesAfterALargeOrder(Capture capture, Stage stage) {
    // Given
    Shop shop = shop(stage);
    Topic topic = stage.topic("orders", 1);
    Map<String, String> config = capture.source(shop, topic);
    config.put("tasks.max", "1");
    String source = stage.connectors().start("source", config);
    await("the first order is captured").until(topic::count, equalTo(1));

    // When
    place(shop);
    await("the task stops").until(() -> !stage.connectors().failures(source).isEmpty());

    // Then
    String failure = stage.connectors().failures(source);
    for (String part :
        new String[] {
          "event.max.bytes",
          "order 2 of public.orders, version 1",
          ITEMS + " items",
          "producer.override.max.request.size",
          "oversized.event.handling.mode=marker"
        }) {
      assertTrue(failure.contains(part), () -> part + " is not in " + failure);
    }

    // When
    config.put("oversized.event.handling.mode", "marker");
    stage.connectors().start("source", config);
    await("the order after it is captured").until(() -> topic.latest().containsKey("3"));

    // Then
    Event marker = Objects.requireNonNull(topic.latest().get("2"));
    assertEquals("oversized", marker.header("orderflow.kind"));
    assertEquals(1, marker.version());
    assertEquals(ITEMS, marker.value().path("item_count").asInt());
    assertTrue(marker.value().path("size").asLong() > 1_048_576, marker.text());
    assertEquals(3, topic.count());
    assertEquals("", stage.connectors().failures(source));
  }

  /** The limit is the right one: an event just below it is accepted by producer and broker. */
  @ParameterizedTest
  @EnumSource(Capture.class)
  void eventBelowTheLimitIsAccepted(Capture capture, Stage stage) {
    // Given
    Shop shop = shop(stage);
    Topic topic = stage.topic("orders", 1);
    Map<String, String> config = capture.source(shop, topic);
    config.put("tasks.max", "1");
    config.put("oversized.event.handling.mode", "marker");
    config.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    config.put("value.converter.schemas.enable", "true");

    // When
    stage.connectors().start("source", config);
    for (int id = 2; id <= 40; id++) {
      shop.database()
          .execute(
              "INSERT INTO orders (id, status) VALUES (%d, repeat('\u00df', %d))"
                  .formatted(id, 480_000 + 1_000 * id));
    }

    // Then
    await("all are captured").until(topic::count, equalTo(40));
    long markers =
        topic.events().stream()
            .filter(event -> event.header("orderflow.kind").equals("oversized"))
            .count();
    assertTrue(markers > 5 && markers < 35, markers + " markers");
  }

  private static Shop shop(Stage stage) {
    Shop shop = stage.shop();
    shop.fill(1);
    return shop;
  }

  /** Places the large order, and another one after it. */
  private static void place(Shop shop) {
    shop.database()
        .execute(
            """
            WITH placed AS (INSERT INTO orders (id, lines) VALUES (2, %1$d) RETURNING id)
            INSERT INTO order_items (order_id, line_no, sku, quantity)
            SELECT id, n, 'SKU-' || n, 1 FROM placed, generate_series(1, %1$d) n
            """
                .formatted(ITEMS),
            "INSERT INTO orders (id) VALUES (3)");
  }
}
