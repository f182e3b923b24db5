package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Json;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** If the log has lost changes, the task fails with the fix, and the fix works. */
@OnRealWorkers
class LostLogIT {
  private static final int ORDERS = 50;

  private Stage stage;
  private Shop shop;
  private Topic topic;
  private String source;
  private String slot;

  @BeforeEach
  void capture(Stage stageOfTest) {
    stage = stageOfTest;
    shop = stage.shop("bigint");
    shop.fill(ORDERS);
    topic = stage.topic("orders", 1);
    slot = Capture.slot(shop);
    source = stage.connectors().start("source", Capture.LOG.source(shop, topic));
    await("the snapshot is done").until(() -> topic.count() == ORDERS);
  }

  @Test
  void missingSlotFailsTheTaskUntilAllIsCapturedAgain() {
    // Given
    stage.connectors().stop(source);
    dropSlot();
    changeAll();

    // When
    stage.connectors().rest().resume(source);

    // Then
    awaitFailure("slot.name", "does not exist", "DELETE /connectors/NAME/offsets");
    captureAgain();
  }

  @Test
  void recreatedSlotFailsTheTaskUntilAllIsCapturedAgain() {
    // Given
    stage.connectors().stop(source);
    dropSlot();
    changeAll();
    shop.database().texts("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");

    // When
    stage.connectors().rest().resume(source);

    // Then
    awaitFailure("slot.name", "it was recreated", "pg_drop_replication_slot");
    stage.connectors().stop(source);
    dropSlot();
    captureAgain();
  }

  @Test
  void tableThatLeavesThePublicationFailsTheRunningTask() {
    // When
    shop.database().execute("ALTER PUBLICATION orderflow DROP TABLE order_items");
    shop.database().execute("UPDATE order_items SET quantity = 99 WHERE order_id = 1");

    // Then
    String failure =
        awaitFailure("publication.name", "ADD TABLE", "DELETE /connectors/NAME/offsets");
    Matcher sql = Pattern.compile("(ALTER PUBLICATION [^;]*;)").matcher(failure);
    assertTrue(sql.find(), failure);
    shop.database().execute(sql.group(1));
    changeAll();
    captureAgain();
    assertTrue(
        topic.events().stream()
            .anyMatch(
                event ->
                    event.id().equals("1")
                        && String.valueOf(event.text()).contains("\"quantity\":99")),
        "Changes that the log has lost are captured");
  }

  @Test
  void tableThatLeftThePublicationAndCameBackFailsTheTaskUntilAllIsCapturedAgain() {
    // Given: an offset that is stored by this capture
    changeAll();
    await("changes are captured").until(topic::versions, equalTo(shop.versions()));
    stage.connectors().stop(source);
    shop.database().execute("ALTER PUBLICATION orderflow DROP TABLE orders");
    changeAll();
    shop.database().execute("ALTER PUBLICATION orderflow ADD TABLE orders");

    // When
    stage.connectors().rest().resume(source);

    // Then
    awaitFailure("publication.name", "recreated or without a table", "/connectors/NAME/offsets");
    captureAgain();
  }

  @Test
  void truncatedTableFailsTheTaskUntilAllIsCapturedAgainOrSkipped() {
    // Given: changes that are emitted, and then orders that only the log still has
    changeAll();
    await("changes are captured").until(topic::versions, equalTo(shop.versions()));
    shop.database()
        .execute(
            "INSERT INTO orders (id, version) SELECT n, 2 FROM generate_series(%d, %d) n"
                .formatted(ORDERS + 1, 2 * ORDERS));
    shop.database().execute("TRUNCATE orders, order_items");
    shop.database()
        .execute("INSERT INTO orders (id, version) SELECT n, 3 FROM generate_series(1, 10) n");

    // When
    String failure = awaitFailure("TRUNCATE", "DELETE /connectors/NAME/offsets", "alter \"lsn\"");

    // Then
    assertEquals(2 * ORDERS, topic.versions().size(), "all earlier changes are emitted");
    assertEquals(Set.of(2L), Set.copyOf(topic.versions().values()));
    Matcher lsn = Pattern.compile("in them to ([0-9A-F]+/[0-9A-F]+)").matcher(failure);
    assertTrue(lsn.find(), failure);
    stage.connectors().stop(source);
    var offsets = stage.connectors().rest().offsets(source);
    ((ObjectNode) offsets.path("offsets").get(0).path("offset"))
        .put("lsn", lsn.group(1))
        .put("emitted_in_transaction", 0);
    stage
        .connectors()
        .rest()
        .patchOffsets(
            source, Json.tree(Map.of("offsets", List.of(offsets.path("offsets").get(0)))));
    stage.connectors().rest().resume(source);
    await("what came after is captured")
        .until(
            () -> topic.versions().values().stream().filter(version -> version == 3).count() == 10);
  }

  private void dropSlot() {
    shop.database().texts("SELECT pg_drop_replication_slot('" + slot + "')");
  }

  private void changeAll() {
    shop.database().execute("UPDATE orders SET version = version + 1");
  }

  /** Returns the trace of the failed task, which contains all of these words. */
  private String awaitFailure(String... words) {
    await("the task has failed").until(() -> !stage.connectors().failures(source).isEmpty());
    String failure = stage.connectors().failures(source);
    for (String word : words) {
      assertTrue(failure.contains(word), word + " is in " + failure);
    }
    return failure;
  }

  /** Follows the instructions of the messages. */
  private void captureAgain() {
    stage.connectors().stop(source);
    stage.connectors().rest().deleteOffsets(source);
    stage.connectors().rest().resume(source);
    await("all orders are captured again").until(topic::versions, equalTo(shop.versions()));
    changeAll();
    await("changes are captured").until(topic::versions, equalTo(shop.versions()));
  }
}
