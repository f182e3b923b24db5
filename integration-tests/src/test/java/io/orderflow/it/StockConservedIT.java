package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderflow.it.fixture.Connectors;
import io.orderflow.it.fixture.Database;
import io.orderflow.it.fixture.Event;
import io.orderflow.it.fixture.Messages;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Shop.Item;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import io.orderflow.it.fixture.Topic.Message;
import io.orderflow.it.fixture.Warehouse;
import io.orderflow.it.fixture.Writers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** For every SKU: reserved and on hand are what the orders say. */
@OnRealWorkers
class StockConservedIT {
  private static final List<String> SKUS = List.of("A", "B", "C", "D", "SCARCE");
  private static final List<String> MOVES =
      List.of("PENDING", "PAID", "PAID", "SHIPPED", "SHIPPED", "CANCELLED", "RETURNED");
  private static final long AMPLE = 5_000;
  private static final long FEW = 40;
  private static final int TRANSACTIONS = 3_000;

  /** Reserved and on hand. */
  private record Stock(long reserved, long onHand) {
    Stock plus(long moreReserved, long moreOnHand) {
      return new Stock(reserved + moreReserved, onHand + moreOnHand);
    }
  }

  private final AtomicLong lastOrder = new AtomicLong();

  @Test
  void stockIsWhatAnIndependentCountOfTheTopicsSays(Stage stage) {
    // Given
    Shop shop = stage.shop();
    Warehouse warehouse = stage.warehouse();
    warehouse.count(AMPLE, SKUS.subList(0, 4));
    warehouse.count(FEW, List.of("SCARCE"));
    Topic orders = stage.topic("orders", 8);
    Topic inventory = stage.topic("inventory-updates", 2);
    stage.connectors().start("source", Connectors.source(shop, orders));
    Map<String, String> config = Connectors.sink(warehouse);
    Connectors.topics(config, Map.of("order", orders, "inventory", inventory));
    config.put("tasks.max", "4");
    config.put("consumer.override.max.poll.records", "200");
    stage.connectors().start("sink", config);

    // When
    List<Message> deliveries = deliveries();
    try (Writers writers = Writers.start(shop, 4, this::work)) {
      inventory.send(deliveries);
      await("the shop has worked").until(() -> writers.committed() > TRANSACTIONS);
    }
    await("the newest version of every order is applied")
        .until(() -> ofShop(warehouse.versions()), equalTo(shop.versions()));
    await("every delivery is applied")
        .until(
            () ->
                warehouse
                    .database()
                    .number(
                        "SELECT count(*) FROM order_inventory WHERE state = 'RECEIVED' AND version"
                            + " = 2"),
            equalTo((long) deliveries.size() / 2));

    // Then
    assertEquals(List.of(), warehouse.drift());
    assertEquals(counted(orders, deliveries, warehouse.states()), stock(warehouse));
    for (String state : List.of("RESERVED", "SHIPPED", "RELEASED", "RETURNED", "REJECTED")) {
      assertTrue(warehouse.states().containsValue(state), "There are orders " + state);
    }
  }

  /** Places an order, changes its items, or moves it to any status. */
  private void work(Connection connection, Random random) throws SQLException {
    long known = lastOrder.get();
    int what = random.nextInt(10);
    if (known < 20 || what < 3) {
      Shop.place(
          connection,
          lastOrder.incrementAndGet(),
          "PENDING",
          new Item(sku(random), 1 + random.nextInt(3)),
          new Item(sku(random), 1 + random.nextInt(3)));
      return;
    }
    long id = 1 + random.nextLong(known - 10);
    // The row of the order first, as a shop does: two writers of one order take turns.
    Shop.move(connection, id, MOVES.get(random.nextInt(MOVES.size())));
    if (what < 6) {
      Database.execute(
          connection,
          "UPDATE order_items SET quantity = ?, sku = ? WHERE order_id = ? AND line_no = 1",
          1 + random.nextInt(5),
          sku(random),
          id);
    }
  }

  private static String sku(Random random) {
    return SKUS.get(random.nextInt(SKUS.size()));
  }

  /** Each arrives with 3 pieces of A, of which one turns out to be B. */
  private static List<Message> deliveries() {
    List<Message> messages = new ArrayList<>();
    for (long id = 1_000_000; id < 1_000_050; id++) {
      messages.add(Messages.inventory(id, 1, "RECEIVE", new Item("A", 3)));
      messages.add(Messages.inventory(id, 2, "RECEIVE", new Item("A", 2), new Item("B", 1)));
    }
    return messages;
  }

  private static Map<String, Long> ofShop(Map<String, Long> versions) {
    Map<String, Long> ofShop = new TreeMap<>(versions);
    ofShop.keySet().removeIf(id -> Long.parseLong(id) >= 1_000_000);
    return ofShop;
  }

  /**
   * The stock as the topics say. Whether an order fitted depends on who came first, so that alone
   * is taken from the warehouse.
   */
  private static Map<String, Stock> counted(
      Topic orders, List<Message> deliveries, Map<String, String> states) {
    Map<String, Stock> stock = new TreeMap<>();
    SKUS.forEach(sku -> stock.put(sku, new Stock(0, sku.equals("SCARCE") ? FEW : AMPLE)));
    for (Event event : orders.latest().values()) {
      String state = states.getOrDefault(event.id(), "none");
      if (!state.equals("REJECTED")) {
        assertEquals(expectedState(event.value().path("status").asText()), state, event.id());
        for (JsonNode item : event.value().path("items")) {
          long quantity = item.path("quantity").asLong();
          stock.computeIfPresent(
              item.path("sku").asText(),
              (sku, at) ->
                  switch (state) {
                    case "RESERVED" -> at.plus(quantity, 0);
                    case "SHIPPED" -> at.plus(0, -quantity);
                    default -> at;
                  });
        }
      }
    }
    long arrived = deliveries.size() / 2;
    stock.computeIfPresent("A", (sku, at) -> at.plus(0, 2 * arrived));
    stock.computeIfPresent("B", (sku, at) -> at.plus(0, arrived));
    return stock;
  }

  private static String expectedState(String status) {
    return switch (status) {
      case "PENDING", "PAID" -> "RESERVED";
      case "SHIPPED" -> "SHIPPED";
      case "CANCELLED" -> "RELEASED";
      default -> "RETURNED";
    };
  }

  private static Map<String, Stock> stock(Warehouse warehouse) {
    Map<String, Stock> stock = new TreeMap<>();
    warehouse
        .database()
        .map("SELECT sku, reserved || ' ' || on_hand FROM stock")
        .forEach(
            (sku, numbers) -> {
              String[] parts = numbers.split(" ", 2);
              stock.put(sku, new Stock(Long.parseLong(parts[0]), Long.parseLong(parts[1])));
            });
    return stock;
  }
}
