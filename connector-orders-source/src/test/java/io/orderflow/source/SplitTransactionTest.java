package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Shop;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Failures within a Kafka transaction that takes several polls. */
@Timeout(60)
class SplitTransactionTest {

  private static final List<Object> ALL =
      LongStream.rangeClosed(1, 25).<Object>mapToObj(id -> id).toList();

  private final Shop shop = Shop.withTables();
  private final ExecutorService worker = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    worker.shutdown();
    shop.dropSlots();
  }

  @ParameterizedTest
  @ValueSource(strings = {" stream", " look-up", ""})
  void kafkaTransactionIsCompleteDespiteLostConnections(String which) throws Exception {
    // Given
    try (CommittedRun run = start(25, Map.of("batch.max.orders", "10"))) {
      shop.run("UPDATE orders SET status = 'PAID'");
      assertEquals(10, run.part());

      // When
      loseConnections(run, which);
      shop.run("UPDATE orders SET status = 'SHIPPED' WHERE id = 7");
      run.awaitCommitted(3);

      // Then
      assertEquals(List.of(ALL, ALL, List.of(7L)), run.committed());
      assertTrue(run.metric("outages-total") >= 1, "The capture has noticed");
    }
  }

  @Test
  void transactionInWhichTheTaskStoppedIsEmittedAgain() {
    // Given
    try (CommittedRun run = start(25, Map.of("batch.max.orders", "10"))) {
      shop.run("UPDATE orders SET status = 'PAID'");
      assertEquals(10, run.part());
      assertEquals(10, run.part());

      // When
      run.restart();
      shop.run("UPDATE orders SET status = 'SHIPPED' WHERE id = 7");
      run.awaitCommitted(3);

      // Then
      assertEquals(List.of(ALL, ALL, List.of(7L)), run.committed());
    }
  }

  @Test
  void deferredVersionIsAwaitedThroughAnOutage() throws Exception {
    // Given
    shop.run("ALTER TABLE orders ADD version bigint NOT NULL DEFAULT 1");
    try (CommittedRun run =
        start(3, Map.of("batch.max.orders", "2", "version.column", "version"))) {
      shop.run("UPDATE orders SET version = version + 1 WHERE id IN (1, 2)");
      shop.run("UPDATE orders SET version = version + 1 WHERE id IN (1, 3)");
      assertEquals(1, run.part());
      assertEquals(List.of(2L), run.open(), "Order 1 is deferred to the later transaction");

      // When
      loseConnections(run, "");
      run.awaitCommitted(2);

      // Then
      assertEquals(List.of(List.of(1L, 2L, 3L), List.of(2L, 1L, 3L)), run.committed());
    }
  }

  /** Captures from the log until the initial snapshot has emitted a number of orders. */
  private CommittedRun start(int orders, Map<String, String> settings) {
    shop.run(
        "INSERT INTO orders SELECT n, 'NEW', n FROM generate_series(1, %d) n".formatted(orders));
    CommittedRun run = new CommittedRun(shop.logSettings(settings));
    run.awaitCommitted(1);
    return run;
  }

  /** Ends connections of an application name while the next poll looks up orders. */
  private void loseConnections(CommittedRun run, String which) throws Exception {
    try (Connection other = shop.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE orders");
      Future<?> poll = worker.submit(run::poll);
      while (shop.value(
              "SELECT count(*) FROM pg_stat_activity"
                  + " WHERE wait_event = 'relation' AND datname = current_database()")
          .equals("0")) {
        assertFalse(poll.isDone(), "A poll that waits for the lock");
        Thread.sleep(5);
      }
      statement.execute(
          """
          SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name LIKE 'orderflow-orders-source%%%s'
          """
              .formatted(which));
      other.rollback();
      poll.get();
    }
  }
}
