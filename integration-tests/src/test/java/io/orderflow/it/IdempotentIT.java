package io.orderflow.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Connectors;
import io.orderflow.it.fixture.Messages;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop.Item;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import io.orderflow.it.fixture.Topic.Message;
import io.orderflow.it.fixture.Warehouse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Replaying a topic, in full or in part and any number of times, changes nothing. */
@OnRealWorkers
class IdempotentIT {
  private static final List<String> STATUSES =
      List.of("PENDING", "PAID", "SHIPPED", "CANCELLED", "RETURNED");
  private static final int ORDERS = 500;
  private static final int CHANGES = 4_000;

  private final Map<Long, Long> versions = new HashMap<>();

  @Test
  void everythingAppliedAgainFromOffsetZeroLeavesEveryRowAsItWas(Stage stage) {
    // Given
    Warehouse warehouse = stage.warehouse();
    warehouse.count(150, List.of("A", "B", "C"));
    Topic orders = stage.topic("orders", 4);
    Topic inventory = stage.topic("inventory-updates", 4);
    Topic payments = stage.topic("payment-updates", 4);
    Topic[] all = {orders, inventory, payments};
    fill(orders, inventory, payments);
    Map<String, String> config = Connectors.sink(warehouse);
    Connectors.topics(config, Map.of("order", orders, "inventory", inventory, "payment", payments));
    String sink = stage.connectors().start("sink", config);
    stage.connectors().awaitApplied(sink, all);
    Map<String, List<String>> before = warehouse.everything();
    assertEquals(
        Set.of("RECEIVED", "RESERVED", "REJECTED", "RELEASED", "RETURNED", "SHIPPED"),
        new TreeSet<>(warehouse.states().values()),
        "Every outcome is among what is replayed");

    // When
    stage.connectors().replayAll(sink);

    // Then
    assertEquals(before, warehouse.everything());
    assertEquals(List.of(), warehouse.drift());

    // When
    stage.connectors().replayHalf(sink);

    // Then
    assertEquals(before, warehouse.everything());
  }

  private void fill(Topic orders, Topic inventory, Topic payments) {
    Random random = new Random(3);
    List<Message> ofOrders = new ArrayList<>();
    List<Message> ofPayments = new ArrayList<>();
    for (int i = 0; i < CHANGES; i++) {
      long id = 1L + random.nextInt(ORDERS);
      long version = versions.merge(id, 1L, Long::sum);
      String status = STATUSES.get(random.nextInt(STATUSES.size()));
      ofOrders.add(
          Messages.order(
              id,
              version,
              status,
              new Item(random.nextBoolean() ? "A" : "B", 1 + random.nextInt(3)),
              new Item(random.nextInt(50) == 0 ? "UNKNOWN" : "C", 1)));
      ofPayments.add(Messages.payment(id, version, "P" + version, "9.90"));
    }
    List<Message> ofInventory = new ArrayList<>();
    for (long delivery = 1; delivery <= 60; delivery++) {
      long id = 1_000_000 + delivery;
      ofInventory.add(Messages.inventory(id, 1, "RECEIVE", new Item("A", 2)));
      ofInventory.add(Messages.inventory(id, 2, "RECEIVE", new Item("A", 1), new Item("B", 1)));
    }
    orders.send(ofOrders);
    inventory.send(ofInventory);
    payments.send(ofPayments);
    assertTrue(orders.ends().values().stream().allMatch(end -> end > 100), "Enough to replay");
  }
}
