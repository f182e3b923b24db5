package io.orderflow.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Connectors;
import io.orderflow.it.fixture.Database;
import io.orderflow.it.fixture.Findings;
import io.orderflow.it.fixture.Messages;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop.Item;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import io.orderflow.it.fixture.Topic.Message;
import io.orderflow.it.fixture.Warehouse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** More tasks than the role may have connections share them, as long as there is traffic. */
@OnRealWorkers
class LimitedConnectionsIT {
  private static final int TASKS = 12;
  private static final int CONNECTIONS = 4;
  private static final int ORDERS = 2_400;
  private static final int AT_ONCE = 100;

  @Test
  void everyTaskGetsItsTurn(Stage stage) {
    // Given
    Warehouse warehouse = stage.warehouse();
    warehouse.count(1_000_000, List.of("A"));
    String role = warehouse.database().name();
    warehouse
        .database()
        .execute(
            "CREATE ROLE %s LOGIN PASSWORD 'secret' CONNECTION LIMIT %d"
                .formatted(role, CONNECTIONS),
            "GRANT SELECT, INSERT, UPDATE ON stock, order_inventory, payments TO " + role);
    Topic topic = stage.topic("orders", TASKS);
    Map<String, String> config = Connectors.sink(warehouse);
    Connectors.topics(config, Map.of("order", topic));
    config.put("tasks.max", Integer.toString(TASKS));
    config.put("database.user", role);
    config.put("database.password", "secret");
    config.put("retry.backoff.max.ms", "1000");
    config.put("consumer.override.max.poll.records", "20");

    // Then
    String finding = Findings.of(stage.connectors().rest(), config).only("apply.concurrency");
    assertTrue(finding.contains("the tasks open " + TASKS + " connections"), finding);
    assertTrue(finding.contains("role " + role + " allows " + CONNECTIONS), finding);

    // Given: the limit comes while they run
    warehouse.database().execute("ALTER ROLE " + role + " CONNECTION LIMIT -1");
    String sink = stage.connectors().start("sink", config);
    send(topic, 0);
    stage.connectors().awaitApplied(sink, topic);
    warehouse.database().execute("ALTER ROLE " + role + " CONNECTION LIMIT " + CONNECTIONS);
    new Database(stage.stack().postgres(), "postgres")
        .texts(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '%s'"
                .formatted(role));

    // When: traffic for all of them, so that nobody gives up a connection for lack of work
    for (int first = AT_ONCE; first < ORDERS; first += AT_ONCE) {
      send(topic, first);
    }

    // Then
    stage.connectors().awaitApplied(sink, topic);
    assertEquals(ORDERS, warehouse.versions().size());
    assertEquals(List.of(), warehouse.drift());
    assertTrue(stage.connectors().rest().status(sink).isRunning(TASKS));
  }

  private static void send(Topic topic, int first) {
    List<Message> orders = new ArrayList<>();
    for (int id = first; id < first + AT_ONCE; id++) {
      orders.add(Messages.order(id, 1, "PENDING", new Item("A", 1)));
    }
    topic.send(orders);
  }
}
