package io.orderflow.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Await;
import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Connectors;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Shop.Item;
import io.orderflow.it.fixture.Stage;
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

/** While PostgreSQL or Kafka is away, tasks wait, and go on by themselves. */
@OnRealWorkers
class OutagesCostTimeIT {

  /** The default run has those outages that end connections; frozen servers take as long again. */
  private static final String ALL = "orderflow.outages.all";

  private static final Duration OUTAGE = Duration.ofSeconds(12);
  private static final Duration CATCHES_UP_WITHIN = Duration.ofMinutes(2);
  private static final int ORDERS = 3_000;

  @ParameterizedTest
  @EnumSource
  void tasksGoOnAfterPostgresWasStopped(Capture capture, Stage stage) throws SQLException {
    check(
        capture,
        stage,
        stage.stack().controlledPostgres(),
        ControlledServer::stop,
        ControlledServer::start);
  }

  /** Killed, not shut down in good order: docs/adr/0005-a-local-stack-of-stock-processes.md. */
  @Test
  void tasksGoOnAfterTheBrokerWasKilled(Stage stage) throws SQLException {
    check(
        Capture.QUERY,
        stage,
        stage.stack().controlledKafka(),
        ControlledServer::killHard,
        ControlledServer::start);
  }

  @Test
  @EnabledIfSystemProperty(named = ALL, matches = "true")
  void tasksGoOnAfterTheBrokerDidNotAnswer(Stage stage) throws SQLException {
    check(
        Capture.QUERY,
        stage,
        stage.stack().controlledKafka(),
        ControlledServer::pause,
        ControlledServer::resume);
  }

  @ParameterizedTest
  @EnumSource
  @EnabledIfSystemProperty(named = ALL, matches = "true")
  void tasksGoOnAfterPostgresDidNotAnswer(Capture capture, Stage stage) throws SQLException {
    check(
        capture,
        stage,
        stage.stack().controlledPostgres(),
        ControlledServer::pause,
        ControlledServer::resume);
  }

  private interface Act {
    void on(ControlledServer server);
  }

  /** Everybody has work when the server goes, and new work when it comes back. */
  private static void check(
      Capture capture, Stage stage, ControlledServer server, Act goes, Act comesBack)
      throws SQLException {
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
    Await.until(
        "some orders are applied", CATCHES_UP_WITHIN, () -> warehouse.versions().size() > 50);

    // When
    long appliedBefore = warehouse.versions().size();
    goes.on(server);
    try {
      Await.during(OUTAGE);
    } finally {
      comesBack.on(server);
    }

    // Then
    assertTrue(appliedBefore < ORDERS, "The outage came while there was work: " + appliedBefore);
    try (Connection connection = shop.connect()) {
      connection.setAutoCommit(false);
      Shop.place(connection, ORDERS + 1, "PENDING", new Item("SKU-1", 1));
      Shop.move(connection, 1, "PAID");
      connection.commit();
    }
    Await.equal(
        "the newest version of every order is applied",
        shop.versions(),
        CATCHES_UP_WITHIN,
        warehouse::versions);
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
