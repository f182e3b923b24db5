package io.orderflow.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.it.fixture.Await;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** WholeOrders of the log: a Kafka transaction never ends inside a database transaction. */
@OnRealWorkers
class WholeTransactionsIT {
  private static final Logger LOG = LoggerFactory.getLogger(WholeTransactionsIT.class);
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int ORDERS = 3_000;
  private static final int BATCH = 1_000;

  /**
   * Where orders are filtered, every change is looked up, so that most show later changes; else
   * those alone that were not changed before.
   */
  @ParameterizedTest
  @ValueSource(strings = {"", "lines > 0"})
  void consumerSeesAllOrdersOfATransactionOrNone(String filter, Stage stage) {
    // Given
    Shop shop = stage.shop("bigint");
    shop.fill(ORDERS);
    WholeTransactions.prepare(shop);
    Topic topic = stage.topic("orders", 1);
    Map<String, String> config = Capture.LOG.source(shop, topic);
    config.put("transaction.boundary", "connector");
    config.put("batch.max.orders", Integer.toString(BATCH));
    if (!filter.isEmpty()) {
      config.put("orders.where", filter);
    }
    String source = stage.connectors().start("source", config);
    Await.until("the load is done", SOON, () -> topic.count() == ORDERS);

    // When
    try (Writers writers =
        Writers.start(shop, 3, Duration.ofMillis(100), WholeTransactionsIT::change)) {
      awaitMore(writers, 150);
      LocalWorker worker = stage.workerOf(source, 0);
      worker.killHard();
      worker.start();
      stage.connectors().awaitRunning(source, 1);
      awaitMore(writers, 150);
    }
    Await.equal("the newest versions are captured", shop.versions(), SOON, topic::versions);

    // Then
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
    assertTrue(transactions.ends() > 10, "Ends that were looked at: " + transactions.ends());
  }

  /** Some are larger than what is told at once. */
  private static void change(Connection connection, Random random) throws SQLException {
    int count = random.nextInt(40) == 0 ? BATCH + 200 : 5 + random.nextInt(60);
    WholeTransactions.change(connection, random, ORDERS, count);
  }

  private static void awaitMore(Writers writers, int transactions) {
    long before = writers.committed();
    Await.until(
        transactions + " more transactions",
        SOON,
        () -> writers.committed() > before + transactions);
  }
}
