package io.orderflow.sink.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.fixture.TestPostgres;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server stops and starts again. */
@Timeout(60)
class RestartTest {

  private static TestPostgres server;

  private WarehouseDatabase database;
  private Traffic traffic;

  @BeforeAll
  static void launch() {
    server = TestPostgres.start();
  }

  @AfterAll
  static void end() throws IOException {
    server.close();
  }

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installedOn(server, OrderIdType.BIGINT);
    traffic = new Traffic(database);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "immediate", "kill -9"})
  void shutdownCostsTimeAndOneLineOfLog(String mode) throws Exception {
    try (CapturedLog log = CapturedLog.begin();
        RunningSink sink = with(Map.of("batch.max.records", "10"))) {
      // Given
      sink.put(traffic.next());
      sink.deliver(traffic.next());

      // When
      switch (mode) {
        case "fast" -> server.stopFast();
        case "immediate" -> server.stopImmediately();
        default -> server.killHard();
      }
      sink.deliver(traffic.next());
      Traffic.pollFor(Duration.ofMillis(1_500), sink);
      boolean settled = sink.isSettled();
      server.restart();

      // Then
      assertFalse(settled);
      traffic.assertAppliedOnce(sink);
      log.assertOneWarningForEachCause();
      assertEquals(1, log.with("continues after").size());
    }
  }

  @Test
  void idleTaskFindsTheServerAgain() throws Exception {
    try (RunningSink sink = with(Map.of("apply.concurrency", "4"))) {
      // Given
      sink.put(traffic.next());
      server.stopFast();
      server.restart();

      // When
      sink.deliver(traffic.next());

      // Then
      traffic.assertAppliedOnce(sink);
    }
  }

  @Test
  void taskStopsSoonDuringAnOutage() throws Exception {
    // Given
    RunningSink sink = with(Map.of("apply.concurrency", "4", "retry.backoff.max.ms", "60000"));
    sink.put(traffic.next());
    server.stopImmediately();
    sink.deliver(traffic.next());
    Traffic.pollFor(Duration.ofMillis(500), sink);

    // When
    long began = System.nanoTime();
    sink.close();
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    server.restart();

    // Then
    assertTrue(took.compareTo(Duration.ofSeconds(4)) < 0, "stopped after " + took);
  }

  private RunningSink with(Map<String, String> changes) {
    Map<String, String> settings = new HashMap<>(RunningSink.settings(database));
    settings.put("retry.backoff.max.ms", "500");
    settings.put("database.connection.timeout.ms", "500");
    settings.putAll(changes);
    return RunningSink.with(settings, new FakeSinkContext(true));
  }
}
