package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Connectors;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Shop.Item;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.TaskMBeans;
import io.orderflow.it.fixture.Topic;
import io.orderflow.it.fixture.Warehouse;
import io.orderflow.stack.ConnectorStatus;
import io.orderflow.stack.ControlledServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** While PostgreSQL or Kafka is unavailable, tasks wait, and then continue by themselves. */
@OnRealWorkers
class OutagesCostTimeIT {

  /** The default run has the outages that end connections; frozen servers take as long again. */
  private static final String ALL = "orderflow.outages.all";

  private static final String RUN_ALL =
      "frozen servers: mvn -B verify -Dorderflow.outages.all=true";

  /** Attempts in vain that each connector makes before a database comes back. */
  private static final int ATTEMPTS = 3;

  /** A frozen server closes no connection, so the time itself is the fault. */
  private static final Duration FROZEN = Duration.ofSeconds(12);

  private static final String RETRIES = "retries-total";
  private static final int ORDERS = 3_000;

  @ParameterizedTest
  @EnumSource
  void tasksContinueAfterPostgresWasStopped(Capture capture, Stage stage) throws SQLException {
    check(
        capture,
        stage,
        (source, sink) -> {
          ControlledServer server = stage.stack().controlledPostgres();
          server.stop();
          await("both connectors try in vain")
              .until(() -> source.sum(RETRIES) >= ATTEMPTS && sink.sum(RETRIES) >= ATTEMPTS);
          server.start();
        });
  }

  /** Killed, not shut down in good order: docs/adr/0005-a-local-stack-of-stock-processes.md. */
  @Test
  void tasksContinueAfterTheBrokerWasKilled(Stage stage) throws SQLException {
    check(
        Capture.QUERY,
        stage,
        (source, sink) -> {
          stage.stack().controlledKafka().killHard();
          stage.stack().controlledKafka().start();
        });
  }

  @Test
  @EnabledIfSystemProperty(named = ALL, matches = "true", disabledReason = RUN_ALL)
  void tasksContinueAfterTheBrokerDidNotAnswer(Stage stage) throws SQLException {
    check(Capture.QUERY, stage, (source, sink) -> freeze(stage.stack().controlledKafka()));
  }

  @ParameterizedTest
  @EnumSource
  @EnabledIfSystemProperty(named = ALL, matches = "true", disabledReason = RUN_ALL)
  void tasksContinueAfterPostgresDidNotAnswer(Capture capture, Stage stage) throws SQLException {
    check(capture, stage, (source, sink) -> freeze(stage.stack().controlledPostgres()));
  }

  private static void freeze(ControlledServer server) {
    server.pause();
    try {
      await("the server is frozen").pollDelay(FROZEN).until(server::isRunning);
    } finally {
      server.resume();
    }
  }

  private interface Outage {
    void pass(TaskMBeans source, TaskMBeans sink);
  }

  /** Both connectors have work when the outage begins, and new work when it has ended. */
  private static void check(Capture capture, Stage stage, Outage outage) throws SQLException {
    // Given
    Shop shop = stage.shop();
    shop.fill(ORDERS);
    Warehouse warehouse = stage.warehouse();
    warehouse.count(1_000_000, shop.database().texts("SELECT DISTINCT sku FROM order_items"));
    Topic topic = stage.topic("orders", 4);
    Topic queue = stage.topic("dead-letters", 1);
    Map<String, String> ofSource = capture.source(shop, topic);
    ofSource.put("batch.max.orders", "64");
    ofSource.put("snapshot.chunk.size", "64");
    Map<String, String> ofSink = Connectors.sink(warehouse);
    Connectors.topics(ofSink, Map.of("order", topic));
    Connectors.deadLetters(ofSink, queue);
    ofSink.put("consumer.override.max.poll.records", "20");
    String source = stage.connectors().start("source", ofSource);
    String sink = stage.connectors().start("sink", ofSink);
    await("some orders are applied").until(() -> warehouse.versions().size() > 50);

    // When
    long appliedBefore = warehouse.versions().size();
    outage.pass(new TaskMBeans(stage, source), new TaskMBeans(stage, sink));

    // Then
    assertTrue(appliedBefore < ORDERS, "The outage came while there was work: " + appliedBefore);
    try (Connection connection = shop.connect()) {
      connection.setAutoCommit(false);
      Shop.place(connection, ORDERS + 1, "PENDING", new Item("SKU-1", 1));
      Shop.move(connection, 1, "PAID");
      connection.commit();
    }
    await("the newest version of every order is applied")
        .until(warehouse::versions, equalTo(shop.versions()));
    assertEquals(List.of(), warehouse.drift());
    assertEquals(List.of(), queue.events());
    assertEquals(Map.of(), topic.duplicates());
    for (String connector : List.of(source, sink)) {
      ConnectorStatus status = stage.connectors().rest().status(connector);
      assertEquals("", status.failures());
      assertEquals("RUNNING", status.state(), status::toString);
    }
  }
}
