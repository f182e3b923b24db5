package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.BadRecords;
import io.orderflow.it.fixture.BadRecords.Kind;
import io.orderflow.it.fixture.Connectors;
import io.orderflow.it.fixture.Event;
import io.orderflow.it.fixture.Messages;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop.Item;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import io.orderflow.it.fixture.Topic.Message;
import io.orderflow.it.fixture.Warehouse;
import io.orderflow.stack.ConnectorStatus;
import io.orderflow.stack.LocalWorker;
import io.orderflow.stack.RestFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A bad record affects no other record. */
@OnRealWorkers
class OneBadRecordIT {
  private static final int GOOD_BETWEEN = 25;

  @Test
  void eachBadRecordGoesToTheDeadLetterQueueWithItsCauseAndAllOthersAreApplied(Stage stage) {
    // Given
    Warehouse warehouse = warehouse(stage);
    Topic queue = stage.topic("dead-letters", 1);
    Map<String, Topic> topics =
        Map.of(
            "order", stage.topic("orders", 1),
            "inventory", stage.topic("inventory-updates", 1),
            "payment", stage.topic("payment-updates", 1));
    List<Kind> kinds = BadRecords.kinds();
    topics.forEach((role, topic) -> topic.send(among(kinds, role)));
    Map<String, String> config = Connectors.sink(warehouse);
    Connectors.topics(config, topics);
    Connectors.deadLetters(config, queue);

    // When
    String sink = stage.connectors().start("sink", config);
    stage.connectors().awaitApplied(sink, topics.values().toArray(Topic[]::new));

    // Then
    for (Kind kind : kinds) {
      Event letter = theOnly(queue, kind);
      Topic topic = topics.get(kind.role());
      assertEquals(
          topic == null ? "" : topic.name(), letter.header("__connect.errors.topic"), kind.name());
      assertEquals("0", letter.header("__connect.errors.partition"), kind.name());
      assertEquals(
          Long.toString(offset(kinds, kind)),
          letter.header("__connect.errors.offset"),
          kind.name());
      assertTrue(
          (letter.header("__connect.errors.exception.message")
                  + letter.header("__connect.errors.exception.stacktrace"))
              .contains(kind.cause()),
          () -> kind.name() + " says " + letter.headers());
    }
    assertEquals(
        kinds.size(),
        queue.events().stream().map(OneBadRecordIT::origin).distinct().count(),
        "Nothing else is in the queue");
    assertEquals(goodIds(kinds), warehouse.versions().keySet().stream().toList());
    assertEquals(
        goodOf(kinds, "payment").size(),
        warehouse.database().number("SELECT count(*) FROM payments WHERE status = 'CAPTURED'"));
    ConnectorStatus status = stage.connectors().rest().status(sink);
    assertTrue(status.isRunning(2), status::toString);
  }

  @Test
  void withoutDeadLetterQueueTheTaskStopsAtTheBadRecordAndNamesIt(Stage stage) {
    // Given
    Warehouse warehouse = warehouse(stage);
    Topic orders = stage.topic("orders", 1);
    orders.send(
        List.of(
            Messages.order(1, 1, "PENDING", new Item("A", 1)),
            Messages.with(Messages.order(2, 1, "PENDING"), "version", "newest")));
    Map<String, String> config = Connectors.sink(warehouse);
    Connectors.topics(config, Map.of("order", orders));
    config.put("tasks.max", "1");

    // When
    String sink = stage.connectors().submit("sink", config);
    await("the task has failed").until(() -> !stage.connectors().failures(sink).isEmpty());

    // Then
    String trace = stage.connectors().failures(sink);
    assertTrue(trace.contains(orders.name() + "-0@1"), trace);
    assertTrue(trace.contains("errors.tolerance"), trace);
  }

  /** Connect hides the producer's failure: the report looks like one that has succeeded. */
  @Test
  void recordThatIsTooLargeForTheDeadLetterQueueKeepsItsOffsetUntilItFits(Stage stage) {
    // Given
    Warehouse warehouse = warehouse(stage);
    Topic queue = stage.topic("dead-letters", 1);
    Topic orders = ordersWithABadOne(stage);
    Map<String, String> config = withQueue(warehouse, orders, queue);
    config.put("producer.override.max.request.size", "300");

    // When
    String sink = stage.connectors().submit("sink", config);
    await("the task has failed").until(() -> hasFailed(stage, sink, orders, queue));

    // Then
    String trace = stage.connectors().failures(sink);
    assertTrue(trace.contains(orders.name() + "-0@1"), trace);
    assertTrue(trace.contains("producer.override.max.request.size"), trace);
    assertEquals(0, queue.count());

    // When: the worker dies, the task starts elsewhere, and reads the record again
    LocalWorker worker = stage.workerOf(sink, 0);
    worker.killHard();
    await("another worker has the task")
        .until(() -> stage.workerOf(sink, 0) != worker && hasFailed(stage, sink, orders, queue));
    worker.start();

    // Then
    assertTrue(stage.connectors().failures(sink).contains(orders.name() + "-0@1"));
    assertEquals(0, queue.count());

    // When
    config.put("producer.override.max.request.size", "1000000");
    stage.connectors().submit("sink", config);

    // Then
    stage.connectors().awaitApplied(sink, orders);
    assertTrue(queue.count() > 0);
    assertEquals(List.of("1", "3"), warehouse.versions().keySet().stream().toList());
  }

  @Test
  void recordWaitsForADeadLetterQueueWhoseMetadataIsNotKnownYet(Stage stage) {
    // Given
    Warehouse warehouse = warehouse(stage);
    Topic queue = stage.topic("dead-letters", 1);
    Topic orders = ordersWithABadOne(stage);
    Map<String, String> config = withQueue(warehouse, orders, queue);
    config.put("producer.override.max.block.ms", "1");

    // When
    String sink = stage.connectors().start("sink", config);

    // Then
    stage.connectors().awaitApplied(sink, orders);
    assertTrue(queue.count() > 0);
    assertEquals(List.of("1", "3"), warehouse.versions().keySet().stream().toList());
  }

  /**
   * Whether the task has failed. The test ends at once if the bad record, at offset 1, is lost: not
   * in the queue, and with a committed offset, so that no task reads it again.
   */
  private static boolean hasFailed(Stage stage, String sink, Topic orders, Topic queue) {
    try {
      long committed =
          stage.connectors().applied(sink).getOrDefault(new TopicPartition(orders.name(), 0), 0L);
      assertTrue(
          committed <= 1 || queue.count() > 0,
          () -> "The record at offset 1 is lost: offset " + committed + " is committed");
      return !stage.connectors().failures(sink).isEmpty();
    } catch (RestFailure notYet) {
      return false;
    }
  }

  private static Topic ordersWithABadOne(Stage stage) {
    Topic orders = stage.topic("orders", 1);
    orders.send(
        List.of(
            Messages.order(1, 1, "PENDING", new Item("A", 1)),
            Messages.with(Messages.order(2, 1, "PENDING"), "version", "newest"),
            Messages.order(3, 1, "PENDING", new Item("A", 1))));
    return orders;
  }

  private static Map<String, String> withQueue(Warehouse warehouse, Topic orders, Topic queue) {
    Map<String, String> config = Connectors.sink(warehouse);
    Connectors.topics(config, Map.of("order", orders));
    Connectors.deadLetters(config, queue);
    config.put("tasks.max", "1");
    return config;
  }

  /** Its payments have narrower columns than usual, for faults that only the database finds. */
  private static Warehouse warehouse(Stage stage) {
    Warehouse warehouse = stage.warehouse();
    warehouse.count(1_000_000, List.of("A"));
    warehouse
        .database()
        .execute(
            "ALTER TABLE payments ALTER reference TYPE varchar(20), ALTER amount TYPE numeric(8,"
                + " 2)",
            "ALTER TABLE payments ADD CHECK (provider <> 'forbidden')");
    return warehouse;
  }

  /** Good messages around the bad ones of the role; offsets are positions in the list. */
  private static List<Message> among(List<Kind> kinds, String role) {
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < kinds.size(); i++) {
      if (kinds.get(i).role().equals(role)) {
        messages.add(kinds.get(i).message());
        messages.addAll(good(i, role));
      }
    }
    return messages;
  }

  private static long offset(List<Kind> kinds, Kind kind) {
    return among(kinds, kind.role()).indexOf(kind.message());
  }

  private static List<Message> good(int position, String role) {
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < GOOD_BETWEEN; i++) {
      long id = 10_000L + position * 100L + i;
      messages.add(
          switch (role) {
            case "order" -> Messages.order(id, 1, "PENDING", new Item("A", 1));
            case "inventory" -> Messages.inventory(id, 1, "RECEIVE", new Item("A", 1));
            default -> Messages.payment(id, 1, "CAPTURED", "9.90");
          });
    }
    return messages;
  }

  private static List<String> goodOf(List<Kind> kinds, String role) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < kinds.size(); i++) {
      if (kinds.get(i).role().equals(role)) {
        good(i, role).forEach(message -> ids.add(String.valueOf(message.key())));
      }
    }
    return ids;
  }

  private static List<String> goodIds(List<Kind> kinds) {
    List<String> ids = new ArrayList<>(goodOf(kinds, "order"));
    ids.addAll(goodOf(kinds, "inventory"));
    return ids.stream().sorted().collect(Collectors.toList());
  }

  /** A record that is consumed again after a rebalance is reported again. */
  private static Event theOnly(Topic queue, Kind kind) {
    List<Event> letters =
        queue.events().stream()
            .filter(letter -> String.valueOf(kind.message().value()).equals(letter.text()))
            .toList();
    long records = letters.stream().map(OneBadRecordIT::origin).distinct().count();
    assertEquals(1, records, () -> kind.name() + ": " + letters);
    return letters.get(0);
  }

  private static List<String> origin(Event letter) {
    return List.of(
        letter.header("__connect.errors.topic"),
        letter.header("__connect.errors.partition"),
        letter.header("__connect.errors.offset"));
  }
}
