package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Connectors;
import io.orderflow.it.fixture.Database;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import io.orderflow.it.fixture.Writers;
import io.orderflow.stack.LocalWorker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A read_committed consumer sees each captured version of an order exactly once. */
@OnRealWorkers
class NoDuplicatesIT {
  private static final int ORDERS = 20_000;

  @Test
  void killDuringTheInitialSnapshotRepeatsNothing(Stage stage) {
    // Given
    Shop shop = stage.shop("bigint");
    shop.fill(ORDERS);
    shop.install();
    Topic topic = stage.topic("orders", 4);
    Map<String, String> config = Connectors.source(shop, topic);
    config.put("batch.max.orders", "128");
    String source = stage.connectors().start("source", config);
    await("the snapshot has begun").until(() -> topic.count() > ORDERS / 10);

    // When
    LocalWorker worker = stage.workerOf(source, 0);
    worker.killHard();
    int whenKilled = topic.count();
    worker.start();
    await("the snapshot is done").until(() -> topic.versions().size() == ORDERS);
    changeEveryTenth(shop);
    await("changes after it are captured").until(() -> topic.versions(), equalTo(shop.versions()));

    // Then
    assertTrue(whenKilled < ORDERS * 9 / 10, "Many orders were left after " + whenKilled);
    assertEquals(Map.of(), topic.duplicates());
    assertEquals(ORDERS + ORDERS / 10, topic.count());
    assertEquals(
        ORDERS,
        topic.events().stream()
            .filter(event -> event.header("orderflow.kind").equals("snapshot"))
            .count());
  }

  @ParameterizedTest
  @EnumSource
  void killAndOtherNumbersOfTasksWhileStreamingRepeatNothing(Capture capture, Stage stage) {
    // Given
    Shop shop = stage.shop("bigint");
    shop.fill(2_000);
    shop.install();
    Topic topic = stage.topic("orders", 4);
    Map<String, String> config = capture.source(shop, topic);
    config.put("batch.max.orders", "200");

    // No faster: each commit makes every task run a transaction.
    Duration pace = Duration.ofMillis(40);

    // When
    try (Writers writers = Writers.start(shop, 1, pace, NoDuplicatesIT::payForTwenty)) {
      for (int tasks : new int[] {1, 4, 2}) {
        capture.tasks(config, tasks);
        String source = stage.connectors().start("source", config);
        awaitMore(topic, 500);
        if (tasks == 4) {
          LocalWorker worker = stage.workerOf(source, capture == Capture.LOG ? 0 : 3);
          worker.killHard();
          awaitMore(topic, 500);
          worker.start();
          stage.connectors().awaitRunning(source, capture == Capture.LOG ? 1 : tasks);
          awaitMore(topic, 500);
        }
      }
      assertTrue(writers.committed() > 100, "The shop was at work: " + writers.committed());
    }
    await("the newest versions are captured")
        .until(() -> topic.versions(), equalTo(shop.versions()));

    // Then
    assertEquals(Map.of(), topic.duplicates());
    assertTrue(topic.count() > 2_000 + 5 * 500, "Versions captured: " + topic.count());
  }

  private static void payForTwenty(Connection connection, Random random) throws SQLException {
    int first = 1 + random.nextInt(1_980);
    Database.execute(
        connection,
        "UPDATE orders SET status = 'PAID', version = version + 1 WHERE id BETWEEN ? AND ?",
        first,
        first + 19);
  }

  private static void awaitMore(Topic topic, int events) {
    int before = topic.count();
    await(events + " more versions are captured").until(() -> topic.count() > before + events);
  }

  /** They include orders of every shard, so each task continues visibly. */
  private static void changeEveryTenth(Shop shop) {
    shop.database().execute("UPDATE orders SET version = version + 1 WHERE id % 10 = 0");
  }
}
