package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Connectors;
import io.orderflow.it.fixture.Messages;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop.Item;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.StockSampler;
import io.orderflow.it.fixture.Topic;
import io.orderflow.it.fixture.Topic.Message;
import io.orderflow.it.fixture.Warehouse;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Reserved never exceeds on hand at any instant, at any number of tasks. */
@OnRealWorkers
class NoOversellIT {
  private static final List<String> HOT = List.of("A", "B", "C", "D", "E", "F");
  private static final int PIECES = 500;
  private static final int ORDERS = 12_000;

  @Test
  void fourTasksReserveExactlyWhatIsThereOfAFewHotSkus(Stage stage) {
    // Given
    Warehouse warehouse = stage.warehouse();
    warehouse.count(PIECES, HOT);
    Topic orders = stage.topic("orders", 8);
    Map<String, String> config = Connectors.sink(warehouse);
    Connectors.topics(config, Map.of("order", orders));
    config.put("tasks.max", "4");
    config.put("consumer.override.max.poll.records", "100");
    String sink = stage.connectors().start("sink", config);
    // The sink itself is tested, not the constraint that would stop it.
    warehouse.database().execute("ALTER TABLE stock DROP CONSTRAINT stock_check");

    // When
    try (StockSampler sampler = StockSampler.start(warehouse, (long) PIECES * HOT.size())) {
      orders.send(scramble());
      await("every order is decided")
          .until(
              () -> warehouse.database().number("SELECT count(*) FROM order_inventory"),
              equalTo((long) ORDERS));
      stage.connectors().awaitRunning(sink, 4);

      // Then
      assertEquals(List.of(), sampler.oversold());
      assertTrue(sampler.halfWay() > 5, "Samples half-way: " + sampler.halfWay());
      assertTrue(
          orders.ends().values().stream().allMatch(end -> end > 0), "All tasks had work to do");
    }
    for (String sku : HOT) {
      assertEquals(
          PIECES,
          warehouse.database().number("SELECT reserved FROM stock WHERE sku = '" + sku + "'"),
          "Reserved of " + sku + ": many more were ordered one by one than there are");
    }
    assertEquals(
        (long) PIECES * HOT.size(),
        warehouse
            .database()
            .number(
                "SELECT sum(l.reserved) FROM order_inventory_lines l"
                    + " JOIN order_inventory o USING (order_id) WHERE o.state = 'RESERVED'"));
    assertEquals(
        Map.of("INSUFFICIENT_STOCK", "REJECTED"),
        warehouse
            .database()
            .map("SELECT DISTINCT reason, state FROM order_inventory WHERE state <> 'RESERVED'"));
    assertEquals(List.of(), warehouse.drift());
  }

  @Test
  void databaseRefusesToReserveWhatIsNotThere(Stage stage) throws SQLException {
    // Given
    Warehouse warehouse = stage.warehouse();
    warehouse.count(5, List.of("A"));

    // When
    try (var connection = warehouse.database().connect();
        var statement = connection.createStatement()) {
      var refusal =
          assertThrows(
              SQLException.class, () -> statement.execute("UPDATE stock SET reserved = 6"));

      // Then
      assertEquals("23514", refusal.getSQLState());
    }
  }

  /** Orders of one SKU, many more than there is stock for, and of two SKUs in any order. */
  private static List<Message> scramble() {
    Random random = new Random(1);
    List<Message> messages = new ArrayList<>();
    for (long id = 1; id <= ORDERS; id++) {
      String one = HOT.get(random.nextInt(HOT.size()));
      String other = HOT.get(random.nextInt(HOT.size()));
      messages.add(
          random.nextInt(4) > 0 || one.equals(other)
              ? Messages.order(id, 1, "PENDING", new Item(one, 1))
              : Messages.order(id, 1, "PENDING", new Item(one, 2), new Item(other, 1)));
    }
    return messages;
  }
}
