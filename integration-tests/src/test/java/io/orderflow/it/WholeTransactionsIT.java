package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Event;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import io.orderflow.it.fixture.WholeTransactions;
import io.orderflow.it.fixture.Writers;
import io.orderflow.stack.LocalWorker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Log capture: a Kafka transaction never ends inside a database transaction. */
@OnRealWorkers
class WholeTransactionsIT {
  private static final Logger LOG = LoggerFactory.getLogger(WholeTransactionsIT.class);
  private static final int ORDERS = 3_000;
  private static final int BATCH = 1_000;

  /** More orders than are emitted at once. */
  private static final int MANY = BATCH + 200;

  /**
   * One of two sources filters, so it looks up every change; the other looks up only orders that
   * were not changed before.
   */
  @Test
  void consumerSeesAllOrdersOfATransactionOrNone(Stage stage) throws SQLException {
    // Given
    Shop shop = stage.shop("bigint");
    shop.fill(ORDERS);
    WholeTransactions.prepare(shop);
    Topic all = stage.topic("all", 1);
    Topic filtered = stage.topic("filtered", 1);
    String source = stage.connectors().start("all", source(shop, all));
    stage.connectors().start("filtered", filtering(shop, filtered));
    for (Topic topic : List.of(all, filtered)) {
      await("the snapshot is done").until(() -> topic.count() == ORDERS);
    }

    // When
    LocalWorker worker = stage.workerOf(source, 0);
    try (Writers writers =
        Writers.start(shop, 3, Duration.ofMillis(100), WholeTransactionsIT::change)) {
      await("some transactions are committed").until(() -> writers.committed() > 60);
      worker.killHard();
    }
    commit(shop, 40, 60, MANY, 50, 30, MANY, 70, 20);
    worker.start();
    awaitCaptured(shop, all, filtered);
    commit(shop, MANY);
    awaitCaptured(shop, all, filtered);

    // Then
    assertWhole(shop, all);
    assertWhole(shop, filtered);
  }

  private static Map<String, String> source(Shop shop, Topic topic) {
    Map<String, String> config = Capture.LOG.source(shop, topic);
    config.put("transaction.boundary", "connector");
    config.put("batch.max.orders", Integer.toString(BATCH));
    return config;
  }

  private static Map<String, String> filtering(Shop shop, Topic topic) {
    Map<String, String> config = source(shop, topic);
    config.put("orders.where", "lines > 0");
    config.merge("slot.name", "_filtered", String::concat);
    return config;
  }

  /** Some change more orders than are emitted at once. */
  private static void change(Connection connection, Random random) throws SQLException {
    int count = random.nextInt(40) == 0 ? MANY : 5 + random.nextInt(60);
    WholeTransactions.change(connection, random, ORDERS, count);
  }

  /**
   * Commits transactions of so many orders. If the task is down meanwhile, its look-ups show all of
   * them from the first on; a single transaction is split by its size only.
   */
  private static void commit(Shop shop, int... counts) throws SQLException {
    Random random = new Random(17);
    try (Connection connection = shop.connect()) {
      connection.setAutoCommit(false);
      for (int count : counts) {
        WholeTransactions.change(connection, random, ORDERS, count);
        connection.commit();
      }
    }
  }

  private static void awaitCaptured(Shop shop, Topic... topics) {
    for (Topic topic : topics) {
      await("the newest versions are captured").until(topic::versions, equalTo(shop.versions()));
    }
  }

  private static void assertWhole(Shop shop, Topic topic) {
    List<Event> events = topic.events();
    WholeTransactions transactions = new WholeTransactions(shop);
    List<String> wrong = transactions.read(events);
    LOG.info(
        "{} transactions of the shop, {} events, {} transactions of Kafka",
        transactions.noted(),
        events.size() - ORDERS,
        transactions.ends());
    assertEquals(List.of(), wrong);
    assertEquals(transactions.noted(), transactions.seenWhole());
    assertTrue(transactions.ends() >= 3, "One at least each time that all was awaited");
  }
}
