package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderflow.it.fixture.Connectors;
import io.orderflow.it.fixture.Event;
import io.orderflow.it.fixture.Examples;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Shop.Item;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import io.orderflow.it.fixture.Warehouse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Outcomes and availability are published with the files of config-examples only. */
@OnRealWorkers
class OutcomesIT {
  private static final int CROWD = 200;

  @Test
  void outcomeOfEachOrderOfTheShopReachesATopicExactlyOnce(Stage stage) throws SQLException {
    // Given
    Shop shop = stage.shop();
    Warehouse warehouse = stage.warehouse();
    warehouse.count(5, List.of("A"));
    warehouse.count(CROWD / 2, List.of("B"));
    warehouse.database().runExample("outcomes-install.sql");
    Topic orders = stage.topic("orders", 4);
    stage.connectors().start("source", Connectors.source(shop, orders));
    Map<String, String> config = Connectors.sink(warehouse);
    config.put("reservation.ttl.ms", String.valueOf(Duration.ofDays(1).toMillis()));
    config.put("reservation.ttl.statuses", "PENDING");
    Connectors.topics(config, Map.of("order", orders));
    String sink = stage.connectors().start("sink", config);

    // When
    String source =
        Examples.post(stage, "outcomes-source.json", Map.of("warehouse", warehouse.database()));
    stage.connectors().awaitRunning(source, 1);
    place(shop, 1, new Item("A", 2));
    place(shop, 2, new Item("A", 9));
    place(shop, 3, new Item("UNKNOWN", 1));

    // Then
    await("all are applied").until(() -> warehouse.states().size(), equalTo(3));
    Topic outcomes = stage.topicOfConnect("order-outcomes", 8);
    await("their outcomes are published").until(outcomes::count, equalTo(3));
    assertEquals("1 RESERVED null", outcome(latest(outcomes, "1")));
    assertEquals("1 REJECTED INSUFFICIENT_STOCK", outcome(latest(outcomes, "2")));
    assertEquals("1 REJECTED UNKNOWN_SKU", outcome(latest(outcomes, "3")));
    JsonNode first = latest(outcomes, "1").value();
    assertEquals(
        "[\"A\"] [\"2\"] [\"0\"]",
        first.get("skus") + " " + first.get("reserved") + " " + first.get("on_hand_delta"));
    assertTrue(first.path("items").isMissingNode());

    // When
    try (Connection connection = shop.connect()) {
      Shop.move(connection, 1, "SHIPPED");
    }
    for (int id = 100; id < 100 + CROWD; id++) {
      place(shop, id, new Item("B", 1));
    }

    // Then: each once, and half of the crowd is rejected
    await("all are published").until(outcomes::count, equalTo(3 + 1 + CROWD));
    assertEquals("2 SHIPPED null", outcome(latest(outcomes, "1")));
    assertEquals(Map.of(), outcomes.duplicates());
    assertEquals(
        CROWD / 2L,
        outcomes.latest().values().stream()
                .filter(event -> event.value().path("state").asText().equals("REJECTED"))
                .count()
            - 2);

    // When: everything is applied again
    stage.connectors().replayAll(sink);
    place(shop, 4, new Item("A", 1));

    // Then: that has no outcome, and what follows has one
    await("the last one is published").until(() -> outcomes.latest().containsKey("4"));
    assertEquals(3 + 1 + CROWD + 1, outcomes.count());
    long reserved = latest(outcomes, "4").value().path("version").asLong();

    // When: its reservation is ended
    warehouse
        .database()
        .execute(
            "UPDATE order_inventory SET expires_at = now(), revision = revision + 1 WHERE order_id = 4");

    // Then: the same version of the order has another outcome
    await("it has expired").until(() -> outcome(latest(outcomes, "4")), equalTo("1 EXPIRED null"));
    assertTrue(latest(outcomes, "4").value().path("version").asLong() > reserved + 1);
    assertEquals(Map.of(), outcomes.duplicates());
  }

  @Test
  void availabilityOfEachSkuIsThatOfTheStockOnceTheWarehouseRests(Stage stage) throws SQLException {
    // Given
    Shop shop = stage.shop();
    Warehouse warehouse = stage.warehouse();
    warehouse.count(CROWD, List.of("A", "B", "C"));
    Topic orders = stage.topic("orders", 4);
    stage.connectors().start("source", Connectors.source(shop, orders));
    Map<String, String> config = Connectors.sink(warehouse);
    Connectors.topics(config, Map.of("order", orders));
    stage.connectors().start("sink", config);

    // When
    Examples.post(stage, "availability-source.json", Map.of("warehouse", warehouse.database()));
    for (int id = 1; id <= CROWD; id++) {
      place(shop, id, new Item(id % 3 == 0 ? "A" : "B", 1 + id % 2));
    }
    await("all are applied").until(() -> warehouse.states().size(), equalTo(CROWD));

    // Then
    Topic availability = stage.topicOfConnect("availability", 8);
    await("the last event of each SKU is its stock")
        .untilAsserted(() -> assertEquals(stock(warehouse), stock(availability)));
    assertEquals(Map.of(), availability.duplicates());

    // When
    warehouse.database().execute("DELETE FROM stock WHERE sku = 'C'");

    // Then
    await("the removed row has a tombstone").until(() -> latest(availability, "C:").text() == null);
  }

  private static Map<String, String> stock(Warehouse warehouse) {
    return warehouse
        .database()
        .map(
            "SELECT sku || ':' || location, concat(on_hand, ' ', reserved, ' ', available) FROM stock_units");
  }

  private static Map<String, String> stock(Topic availability) {
    Map<String, String> stock = new TreeMap<>();
    availability
        .latest()
        .forEach(
            (key, event) ->
                stock.put(
                    key,
                    Stream.of("on_hand", "reserved", "available")
                        .map(field -> event.value().path(field).asText())
                        .collect(Collectors.joining(" "))));
    return stock;
  }

  private static void place(Shop shop, int id, Item item) throws SQLException {
    try (Connection connection = shop.connect()) {
      connection.setAutoCommit(false);
      Shop.place(connection, id, "PENDING", item);
      connection.commit();
    }
  }

  private static Event latest(Topic outcomes, String id) {
    return Objects.requireNonNull(outcomes.latest().get(id), id);
  }

  private static String outcome(Event event) {
    JsonNode value = event.value();
    return value.path("order_version").asText()
        + " "
        + value.path("state").asText()
        + " "
        + value.path("reason").asText();
  }
}
