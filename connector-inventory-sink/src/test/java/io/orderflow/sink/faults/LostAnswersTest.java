package io.orderflow.sink.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.fixture.TcpProxy;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The network between task and server fails; the server does not. */
@Timeout(60)
class LostAnswersTest {

  private WarehouseDatabase database;
  private TcpProxy proxy;
  private Traffic traffic;

  @BeforeEach
  void open() throws Exception {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    traffic = new Traffic(database);
    proxy = TcpProxy.to(URI.create(database.url().substring("jdbc:".length())).getPort());
  }

  @AfterEach
  void close() throws Exception {
    proxy.close();
    database.close();
  }

  @Test
  void commitWhoseAnswerIsLostIsAppliedOnce() throws Exception {
    try (RunningSink sink = throughProxy(Map.of("database.driver.prepareThreshold", "0"))) {
      for (int step = 1; step <= 3; step++) {
        // Given
        proxy.swallowAnswersToCommits(1);

        // When
        sink.deliver(traffic.next());

        // Then
        traffic.assertAppliedOnce(sink);
        assertEquals(step, proxy.swallowed());
      }
    }
  }

  @Test
  void everyCommitOfManyBatchesMayLoseItsAnswer() throws Exception {
    // Given
    Map<String, String> small =
        Map.of(
            "database.driver.prepareThreshold", "0",
            "batch.max.records", "20",
            "retry.backoff.ms", "1",
            "retry.backoff.max.ms", "2");
    try (RunningSink sink = throughProxy(small)) {
      sink.put(traffic.next());
      proxy.swallowAnswersToCommits(8);

      // When
      sink.deliver(traffic.next());
      sink.deliver(traffic.next());

      // Then
      traffic.assertAppliedOnce(sink);
      assertTrue(proxy.swallowed() > 3, proxy.swallowed() + " answers lost");
    }
  }

  @Test
  void frozenConnectionIsAbandonedInTime() throws Exception {
    try (RunningSink sink = throughProxy(Map.of("database.driver.socketTimeout", "1"))) {
      // Given
      sink.put(traffic.next());
      proxy.freeze();

      // When
      sink.deliver(traffic.next());
      Traffic.pollFor(Duration.ofSeconds(3), sink);

      // Then
      assertFalse(sink.isSettled());
      assertEquals(
          List.of("50"),
          database.rows(
              "SELECT count(*) FROM order_inventory WHERE version = 1 AND order_id < 1000"));
      proxy.thaw();
      traffic.assertAppliedOnce(sink);
    }
  }

  @Test
  void taskThatHangsInAFrozenConnectionStopsSoon() throws Exception {
    // Given
    Map<String, String> settings =
        Map.of(
            "apply.concurrency",
            "4",
            "batch.max.records",
            "10",
            "database.connection.timeout.ms",
            "1000");
    RunningSink sink = throughProxy(settings);
    sink.put(traffic.next());
    proxy.freeze();
    sink.deliver(traffic.next());

    // When
    long began = System.nanoTime();
    sink.close();
    Duration took = Duration.ofNanos(System.nanoTime() - began);

    // Then
    // Three seconds for the workers, and the connection time-out for a connection in progress
    assertTrue(took.compareTo(Duration.ofSeconds(5)) < 0, "stopped after " + took);
  }

  private RunningSink throughProxy(Map<String, String> changes) {
    Map<String, String> settings = new HashMap<>(RunningSink.settings(database));
    settings.put("database.url", proxy.url() + database.name());
    settings.put("database.driver.sslmode", "disable");
    settings.put("database.driver.gssEncMode", "disable");
    settings.put("retry.backoff.max.ms", "500");
    settings.putAll(changes);
    return RunningSink.with(settings, new FakeSinkContext(true));
  }
}
