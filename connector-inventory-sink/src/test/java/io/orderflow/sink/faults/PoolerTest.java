package io.orderflow.sink.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.fixture.PgBouncer;
import io.orderflow.common.fixture.RefusingPooler;
import io.orderflow.sink.InventorySinkConnector;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connection poolers between the sink and PostgreSQL: docs/operations/tables-roles-poolers.md. */
@Timeout(90)
class PoolerTest {

  private static final String IGNORED = "ignore_startup_parameters = extra_float_digits";

  private WarehouseDatabase database;
  private Traffic traffic;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    traffic = new Traffic(database);
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  @Test
  void sinkWorksThroughTransactionsOfPgBouncer() throws Exception {
    try (PgBouncer pooler = PgBouncer.start(address(), IGNORED);
        RunningSink sink =
            with(pooler.url(database.name()), Map.of("database.pooler", "transaction"))) {
      // When: more often than it takes to prepare a statement
      for (int i = 0; i < 9; i++) {
        sink.deliver(traffic.next());
        Traffic.pollFor(Duration.ofMillis(50), sink);
      }

      // Then
      traffic.assertAppliedOnce(sink);
      assertEquals(
          List.of("read committed|0|on"),
          sessionSettings(pooler).stream().distinct().toList(),
          "no setting is left for other clients");
    }
  }

  private List<String> sessionSettings(PgBouncer pooler) throws SQLException {
    List<String> found = new java.util.ArrayList<>();
    try (Connection other =
            DriverManager.getConnection(
                pooler.url(database.name()) + "?prepareThreshold=0", "postgres", "");
        var statement = other.createStatement()) {
      for (int i = 0; i < 3; i++) {
        try (var row =
            statement.executeQuery(
                "SELECT concat_ws('|', current_setting('transaction_isolation'),"
                    + " current_setting('statement_timeout'), current_setting('enable_seqscan'))")) {
          row.next();
          found.add(row.getString(1));
        }
      }
    }
    return found;
  }

  @Test
  void validateWorksThroughPgBouncer() {
    try (PgBouncer pooler = PgBouncer.start(address(), IGNORED)) {
      assertEquals(
          Map.of(),
          findings(
              settings(pooler.url(database.name()), Map.of("database.pooler", "transaction"))));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {IGNORED, "ignore_startup_parameters = extra_float_digits,options"})
  void pgBouncerWithoutTheSettingIsReportedWithTheFix(String ignored) throws Exception {
    try (PgBouncer pooler = PgBouncer.start(address(), ignored)) {
      // Given
      Map<String, String> settings = settings(pooler.url(database.name()), Map.of());

      // When
      Map<String, List<String>> findings = findings(settings);
      ConnectException stopped;
      try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
        stopped =
            assertThrows(ConnectException.class, () -> sink.put(Events.payment(1L, 1, "PAID")));
      }

      // Then: validate and the task say the same
      assertEquals(List.of("database.url"), List.copyOf(findings.keySet()));
      for (String message : List.of(findings.toString(), String.valueOf(stopped.getMessage()))) {
        assertTrue(message.contains("options"), message);
        assertTrue(message.contains("database.pooler=transaction"), message);
      }
    }
  }

  @Test
  void tooManyClientsOfPgBouncerAreWaitedFor() throws Exception {
    try (PgBouncer pooler = PgBouncer.start(address(), IGNORED, "max_client_conn = 1")) {
      // Given
      Connection inUse =
          DriverManager.getConnection(
              pooler.url(database.name()) + "?prepareThreshold=0", "postgres", "");
      try (CapturedLog log = CapturedLog.begin();
          RunningSink sink =
              with(pooler.url(database.name()), Map.of("database.pooler", "transaction"))) {
        // When
        sink.deliver(traffic.next());
        Traffic.pollFor(Duration.ofSeconds(1), sink);

        // Then
        assertFalse(sink.isSettled());
        assertEquals(1, log.with("no more connections allowed").size(), log.warnings()::toString);
        inUse.close();
        traffic.assertAppliedOnce(sink);
      } finally {
        inUse.close();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0A000, 'Feature not supported: RDS Proxy currently doesn’t support command-line options.', database.pooler=transaction",
    "08P01, unsupported startup parameter: options, database.pooler=transaction",
    "XX000, Tenant or user not found, Tenant",
    "08P01, no such database: warehouse, no such database",
  })
  void refusalStopsTheTaskWithTheWordsOfThePooler(String state, String words, String advice) {
    try (RefusingPooler pooler = RefusingPooler.start(state, words);
        RunningSink sink = with(pooler.url("warehouse"), Map.of())) {
      // When
      ConnectException stopped =
          assertThrows(ConnectException.class, () -> sink.put(Events.payment(1L, 1, "PAID")));

      // Then
      assertTrue(String.valueOf(stopped.getMessage()).contains(words), stopped::toString);
      assertTrue(String.valueOf(stopped.getMessage()).contains(advice), stopped::toString);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "XX000, Max client connections reached",
    "08P01, no more connections allowed (max_client_conn)",
    "53300, 'sorry, too many clients already'",
  })
  void fullPoolerIsAnOutage(String state, String words) throws Exception {
    try (RefusingPooler pooler = RefusingPooler.start(state, words);
        CapturedLog log = CapturedLog.begin();
        RunningSink sink = with(pooler.url("warehouse"), Map.of())) {
      // When
      sink.deliver(List.of(Events.payment(1L, 1, "PAID")));
      Traffic.pollFor(Duration.ofSeconds(1), sink);

      // Then
      assertFalse(sink.isSettled());
      assertEquals(1, log.with(words).size(), log.warnings()::toString);
    }
  }

  private String address() {
    String url = database.url();
    return url.substring("jdbc:postgresql://".length(), url.lastIndexOf('/'));
  }

  private RunningSink with(String url, Map<String, String> changes) {
    return RunningSink.with(settings(url, changes), new FakeSinkContext(true));
  }

  private Map<String, String> settings(String url, Map<String, String> changes) {
    Map<String, String> settings = new HashMap<>(RunningSink.settings(database));
    settings.put("database.url", url);
    settings.put("database.connection.timeout.ms", "500");
    settings.put("retry.backoff.max.ms", "200");
    settings.putAll(changes);
    return settings;
  }

  private static Map<String, List<String>> findings(Map<String, String> settings) {
    Map<String, List<String>> findings = new HashMap<>();
    new InventorySinkConnector()
        .validate(settings)
        .configValues()
        .forEach(
            value -> {
              if (!value.errorMessages().isEmpty()) {
                findings.put(value.name(), value.errorMessages());
              }
            });
    return findings;
  }
}
