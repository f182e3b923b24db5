package io.orderflow.sink.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Eventually;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Faults of a running server: the task waits, continues by itself, and applies every record once.
 */
@Timeout(60)
class DatabaseFaultsTest {

  private static final String WAITING =
      "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
          + " AND application_name = 'sink' AND datname = current_database()";

  private WarehouseDatabase database;
  private Connection other;
  private Traffic traffic;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    traffic = new Traffic(database);
    other = DriverManager.getConnection(database.url(), "postgres", "postgres");
    other.setAutoCommit(false);
  }

  @AfterEach
  void close() throws SQLException {
    other.close();
    database.close();
  }

  @Test
  void deadlockIsRetried() throws Exception {
    // Given: PostgreSQL ends the transaction whose deadlock time-out is over first
    try (RunningSink sink = with(Map.of("database.driver.options", "-c deadlock_timeout=2s"))) {
      sink.put(traffic.next());
      execute("SET deadlock_timeout = '50s'");
      execute("SELECT * FROM stock WHERE sku = 'A' FOR UPDATE");

      // When: the sink holds the orders and waits for the stock, the other the other way round
      sink.deliver(traffic.next());
      await(WAITING);
      CompletableFuture<Void> ring =
          CompletableFuture.runAsync(
              () -> {
                try {
                  execute("UPDATE order_inventory SET updated_at = now()");
                  other.commit();
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });

      // Then
      ring.join();
      traffic.assertAppliedOnce(sink);
      await("SELECT deadlocks > 0 FROM pg_stat_database WHERE datname = current_database()");
    }
  }

  @Test
  void serializationFailureIsRetried() throws Exception {
    // Given: more failures than the sink repeats at once
    FaultyStep.CLAIM.install(database, "RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'", 8);

    try (RunningSink sink = RunningSink.on(database)) {
      // When
      sink.deliver(traffic.next());

      // Then
      traffic.assertAppliedOnce(sink);
      assertTrue(FaultyStep.passed(database) > 8);
    }
  }

  @Test
  void lockTimeoutIsRetried() throws Exception {
    try (RunningSink sink = with(Map.of("database.driver.options", "-c lock_timeout=200ms"))) {
      // Given
      execute("LOCK TABLE payments IN ACCESS EXCLUSIVE MODE");

      // When
      sink.deliver(traffic.next());
      Traffic.pollFor(Duration.ofSeconds(1), sink);

      // Then
      assertFalse(sink.isSettled());
      other.rollback();
      traffic.assertAppliedOnce(sink);
    }
  }

  @Test
  void statementTimeoutIsRetried() throws Exception {
    try (RunningSink sink = with(Map.of("database.statement.timeout.ms", "1000"))) {
      // Given
      sink.put(traffic.next());
      execute("SELECT * FROM stock FOR UPDATE");

      // When
      sink.deliver(traffic.next());
      Traffic.pollFor(Duration.ofMillis(1_500), sink);

      // Then
      assertFalse(sink.isSettled());
      other.rollback();
      traffic.assertAppliedOnce(sink);
    }
  }

  @Test
  void tooManyConnectionsAreWaitedFor() throws Exception {
    // Given: all connections of the role are in use
    String role = "sink_of_" + database.name();
    database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'secret' CONNECTION LIMIT 1");
    database.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role);
    Connection inUse = DriverManager.getConnection(database.url(), role, "secret");
    try (CapturedLog log = CapturedLog.begin();
        RunningSink sink = with(Map.of("database.user", role, "database.password", "secret"))) {
      // When
      sink.deliver(traffic.next());
      Traffic.pollFor(Duration.ofSeconds(2), sink);

      // Then
      assertFalse(sink.isSettled());
      inUse.close();
      traffic.assertAppliedOnce(sink);
      // Before that, a slow machine may have been given no reason yet.
      assertEquals(1, log.with("SQLSTATE 53300").size(), log.warnings().toString());
    } finally {
      inUse.close();
    }
    database.execute("DROP OWNED BY " + role);
    database.execute("DROP ROLE " + role);
  }

  @Test
  void readOnlyServerIsWaitedForAlsoBySessionsThatBeganReadOnly() throws Exception {
    try (CapturedLog log = CapturedLog.begin();
        RunningSink sink = with(Map.of())) {
      // Given
      sink.put(traffic.next());
      String alter = "ALTER DATABASE " + database.name();
      database.execute(alter + " SET default_transaction_read_only = on");
      database.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'sink' AND datname = current_database()");

      // When
      sink.deliver(traffic.next());
      Traffic.pollFor(Duration.ofMillis(1_500), sink);

      // Then
      assertFalse(sink.isSettled());
      log.assertOneWarningForEachCause();
      database.execute(
          "SET default_transaction_read_only = off; %s RESET default_transaction_read_only"
              .formatted(alter));
      traffic.assertAppliedOnce(sink);
    }
  }

  private RunningSink with(Map<String, String> changes) {
    Map<String, String> settings = new HashMap<>(RunningSink.settings(database));
    settings.put("retry.backoff.max.ms", "500");
    settings.put("database.connection.timeout.ms", "500");
    settings.putAll(changes);
    return RunningSink.with(settings, new FakeSinkContext(true));
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = other.createStatement()) {
      statement.execute(sql);
    }
  }

  private void await(String condition) {
    Eventually.until(() -> database.rows(condition).equals(List.of("t")));
  }
}
