package io.orderflow.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.it.fixture.Connectors;
import io.orderflow.it.fixture.Messages;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop.Item;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import io.orderflow.it.fixture.Topic.Message;
import io.orderflow.it.fixture.Warehouse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An older version never overwrites a newer one, in stock or in payments. */
@OnRealWorkers
class NeverStaleIT {
  private static final int ORDERS = 300;
  private static final int VERSIONS = 8;

  /** Notes each change of a row to a version that is not newer than the one it had. */
  private static final String WITNESS =
      """
      CREATE TABLE steps_back (what text);
      CREATE FUNCTION note_step_back() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO steps_back VALUES (TG_TABLE_NAME || OLD.order_id || ' ' || OLD.version || ' ' || NEW.version);
        RETURN NULL;
      END $$;
      CREATE TRIGGER witness AFTER UPDATE ON order_inventory FOR EACH ROW
        WHEN (NEW.version <= OLD.version) EXECUTE FUNCTION note_step_back();
      CREATE TRIGGER witness AFTER UPDATE ON payments FOR EACH ROW
        WHEN (NEW.version < OLD.version OR NEW.due_version < OLD.due_version)
        EXECUTE FUNCTION note_step_back();
      """;

  @Test
  void newestVersionStaysWhateverComesLater(Stage stage) {
    // Given
    Warehouse warehouse = warehouse(stage);
    Topic orders = stage.topic("orders", 1);
    Topic payments = stage.topic("payments", 1);
    String sink = start(stage, warehouse, orders, payments, "500");

    // When
    orders.send(List.of(Messages.order(1, 5, "PAID", new Item("A", 5))));
    payments.send(List.of(Messages.payment(1, 5, "CAPTURED", "50.00")));
    stage.connectors().awaitApplied(sink, orders, payments);
    List<String> stockBefore = warehouse.everything().get("stock");
    orders.send(
        List.of(
            Messages.order(1, 4, "CANCELLED", new Item("A", 5)),
            Messages.order(1, 1, "PENDING", new Item("A", 100)),
            Messages.order(1, 5, "SHIPPED", new Item("A", 1))));
    payments.send(
        List.of(
            Messages.payment(1, 4, "AUTHORIZED", "1.00"),
            Messages.payment(1, 5, "FAILED", "2.00")));
    stage.connectors().awaitApplied(sink, orders, payments);

    // Then
    assertEquals(stockBefore, warehouse.everything().get("stock"));
    assertEquals(Map.of("1", "RESERVED"), warehouse.states());
    assertEquals(
        List.of("5 CAPTURED 50.00 ref-5 due 50.00 of 5"),
        warehouse
            .database()
            .texts(
                "SELECT concat(version, ' ', status, ' ', amount, ' ', reference, ' due ', due,"
                    + " ' of ', due_version) FROM payments"));
    assertEquals(List.of(), warehouse.database().texts("SELECT what FROM steps_back"));
  }

  @Test
  void versionsInAnyOrderAndReplayedInPartEndWithTheNewest(Stage stage) {
    // Given
    Warehouse warehouse = warehouse(stage);
    Topic orders = stage.topic("orders", 4);
    Topic payments = stage.topic("payments", 4);
    orders.send(
        shuffled(
            1, (id, version) -> Messages.order(id, version, "PENDING", new Item("A", version))));
    payments.send(
        shuffled(2, (id, version) -> Messages.payment(id, version, "S" + version, "1.00")));

    // When
    String sink = start(stage, warehouse, orders, payments, "50");
    stage.connectors().awaitApplied(sink, orders, payments);
    stage.connectors().replayHalf(sink);

    // Then
    assertEquals(List.of(), warehouse.database().texts("SELECT what FROM steps_back"));
    assertEquals(
        List.of(ORDERS + " orders, " + VERSIONS + " to " + VERSIONS),
        warehouse
            .database()
            .texts(
                "SELECT concat(count(*), ' orders, ', min(version), ' to ', max(version))"
                    + " FROM order_inventory"));
    assertEquals(
        List.of(ORDERS + " payments, " + VERSIONS + " to " + VERSIONS),
        warehouse
            .database()
            .texts(
                "SELECT concat(count(*), ' payments, ', min(version), ' to ', max(version))"
                    + " FROM payments WHERE status = 'S8' AND due = 80.00"));
    assertEquals(
        (long) ORDERS * VERSIONS, warehouse.database().number("SELECT reserved FROM stock"));
    assertEquals(List.of(), warehouse.drift());
  }

  private static Warehouse warehouse(Stage stage) {
    Warehouse warehouse = stage.warehouse();
    warehouse.count(100_000, List.of("A"));
    warehouse.database().execute(WITNESS);
    return warehouse;
  }

  private static String start(
      Stage stage, Warehouse warehouse, Topic orders, Topic payments, String recordsPerBatch) {
    Map<String, String> config = Connectors.sink(warehouse);
    Connectors.topics(config, Map.of("order", orders, "payment", payments));
    config.put("consumer.override.max.poll.records", recordsPerBatch);
    return stage.connectors().start("sink", config);
  }

  private interface Version {
    Message of(long id, int version);
  }

  private static List<Message> shuffled(long seed, Version message) {
    List<Message> messages = new ArrayList<>();
    for (long id = 1; id <= ORDERS; id++) {
      for (int version = 1; version <= VERSIONS; version++) {
        messages.add(message.of(id, version));
      }
    }
    Collections.shuffle(messages, new Random(seed));
    return messages;
  }
}
