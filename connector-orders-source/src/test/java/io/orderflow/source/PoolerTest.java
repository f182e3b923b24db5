package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.fixture.PgBouncer;
import io.orderflow.common.fixture.RefusingPooler;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Connection poolers between the source and PostgreSQL, docs/operations/tables-roles-poolers.md,
 * and parameters of the driver: the source works with each that is not refused.
 */
@Timeout(90)
class PoolerTest {

  private static final String IGNORED = "ignore_startup_parameters = extra_float_digits";

  private final Shop shop = Shop.installed();

  /** Orders and items are read by several statements, between which the shop commits. */
  @Test
  void queryCaptureReadsWholeOrdersThroughTransactionsOfPgBouncer() throws Exception {
    // Given
    shop.run(
        "INSERT INTO orders SELECT n, 'v0', 0 FROM generate_series(1, 100) AS n; INSERT INTO order_items SELECT n, 1, 'A', 0 FROM generate_series(1, 100) AS n");
    AtomicBoolean stopped = new AtomicBoolean();
    CompletableFuture<Integer> transactions =
        CompletableFuture.supplyAsync(() -> changeUntil(stopped));
    Set<List<Object>> torn = new HashSet<>();
    int events = 0;
    try (PgBouncer pooler = PgBouncer.start(address(), IGNORED);
        CaptureRun run =
            new CaptureRun(
                settings(pooler.url(name()), Map.of("database.pooler", "transaction")),
                new HashMap<>())) {
      // When
      while (events < 10_000 && !transactions.isDone()) {
        for (SourceRecord record : run.poll()) {
          events++;
          Struct order = (Struct) record.value();
          Object total = ((BigDecimal) order.get("total")).intValueExact();
          Object quantity = ((Struct) order.getArray("items").get(0)).get("quantity");
          if (!total.equals(quantity)) {
            torn.add(List.of(record.key(), total, quantity));
          }
        }
      }

      // Then
      assertEquals(Set.of("read committed|0|on|off"), sessionSettings(pooler));
    } finally {
      stopped.set(true);
    }
    assertEquals(Set.of(), torn);
    assertTrue(transactions.get() > 10 && events >= 10_000, () -> transactions + " transactions");
  }

  /** Changes all orders and their items in each transaction; returns how many it has committed. */
  private int changeUntil(AtomicBoolean stopped) {
    int transactions = 0;
    while (!stopped.get()) {
      transactions++;
      shop.run(
          "UPDATE orders SET total = %1$d; UPDATE order_items SET quantity = %1$d"
              .formatted(transactions));
    }
    return transactions;
  }

  @Test
  void textsThroughPgBouncerDoNotDependOnSettingsOfTheDatabase() {
    // Given
    shop.run("ALTER TABLE orders ADD COLUMN lasts interval, ADD COLUMN share double precision");
    shop.run(
        "ALTER DATABASE %1$s SET IntervalStyle = 'iso_8601'; ALTER DATABASE %1$s SET extra_float_digits = -9; ALTER DATABASE %1$s SET lock_timeout = 1"
            .formatted(name()));
    try (PgBouncer pooler = PgBouncer.start(address(), IGNORED);
        CaptureRun run =
            new CaptureRun(
                settings(pooler.url(name()), Map.of("database.pooler", "transaction")),
                new HashMap<>())) {
      // When
      shop.run(
          "INSERT INTO orders (id, status, total, lasts, share) VALUES (1, 'v0', 0, '1 day', 0.30000000000000004)");
      Struct order = (Struct) run.records(1).get(0).value();

      // Then
      assertEquals("1 day", order.get("lasts"));
      assertEquals(0.30000000000000004, order.get("share"));
    }
  }

  private Set<String> sessionSettings(PgBouncer pooler) throws SQLException {
    Set<String> found = new HashSet<>();
    try (Connection other =
            DriverManager.getConnection(
                pooler.url(name()) + "?prepareThreshold=0", "postgres", "");
        Statement statement = other.createStatement()) {
      for (int i = 0; i < 3; i++) {
        try (ResultSet row =
            statement.executeQuery(
                "SELECT concat_ws('|', current_setting('transaction_isolation'),"
                    + " current_setting('statement_timeout'), current_setting('enable_seqscan'),"
                    + " current_setting('transaction_read_only'))")) {
          row.next();
          found.add(row.getString(1));
        }
      }
    }
    return found;
  }

  @Test
  void validateWorksThroughPgBouncerAndChecksTheCondition() {
    try (PgBouncer pooler = PgBouncer.start(address(), IGNORED)) {
      Map<String, String> settings =
          settings(
              pooler.url(name()),
              Map.of("database.pooler", "transaction", "orders.where", "no_such > 1"));
      assertEquals(Set.of("orders.where"), Validation.findings(settings).keySet());
      settings.remove("orders.where");
      assertEquals(Map.of(), Validation.findings(settings));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {IGNORED, "ignore_startup_parameters = extra_float_digits,options"})
  void pgBouncerWithoutTheSettingIsReportedWithTheFix(String ignored) {
    try (PgBouncer pooler = PgBouncer.start(address(), ignored)) {
      // Given
      Map<String, String> settings =
          settings(pooler.url(name()), Map.of("database.connection.timeout.ms", "500"));

      // When
      Map<String, List<String>> findings = Validation.findings(settings);
      ConnectException stopped;
      try (CaptureRun run = new CaptureRun(settings, new HashMap<>())) {
        stopped = assertThrows(ConnectException.class, () -> run.records(1));
      }

      // Then: validate and the task say the same
      assertEquals(Set.of("database.url"), findings.keySet());
      for (String message : List.of(findings.toString(), String.valueOf(stopped.getMessage()))) {
        assertTrue(message.contains("options"), message);
        assertTrue(message.contains("database.pooler=transaction"), message);
      }
    }
  }

  @Test
  void logCaptureRefusesAPooler() {
    assertEquals(
        Set.of("database.pooler"),
        Validation.findings(shop.logSettings(Map.of("database.pooler", "transaction"))).keySet());
  }

  @ParameterizedTest
  @CsvSource({
    "0A000, 'Feature not supported: RDS Proxy currently doesn’t support command-line options.'",
    "08P01, unsupported startup parameter in options: statement_timeout",
    "XX000, Tenant or user not found",
  })
  void refusalStopsTheTaskWithTheWordsOfThePooler(String state, String words) {
    try (RefusingPooler pooler = RefusingPooler.start(state, words);
        CaptureRun run =
            new CaptureRun(
                settings(pooler.url("shop"), Map.of("database.connection.timeout.ms", "500")),
                new HashMap<>())) {
      // When
      ConnectException stopped = assertThrows(ConnectException.class, () -> run.records(1));

      // Then
      assertTrue(String.valueOf(stopped.getMessage()).contains(words), stopped::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stringtype=unspecified",
        "prepareThreshold=0",
        "prepareThreshold=1",
        "preferQueryMode=simple",
        "preferQueryMode=extendedForPrepared",
        "preferQueryMode=extendedCacheEverything",
        "currentSchema=no_such",
        "binaryTransfer=false",
        "binaryTransferDisable=INT8,NUMERIC",
        "autosave=always",
        "autosave=conservative",
        "socketTimeout=5&tcpKeepAlive=false",
        "targetServerType=primary",
        "defaultRowFetchSize=1",
        "disableColumnSanitiser=true",
        "ApplicationName=shop",
        "assumeMinServerVersion=9.0",
        "options=-c%20lock_timeout%3D3s",
      })
  void bothCapturesWorkWith(String parameters) {
    // Given
    Map<String, String> url = Map.of("database.url", shop.url() + '?' + parameters);
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1.50), (2, 'NEW', NULL)");

    for (Map<String, String> settings : List.of(shop.settings(url), shop.logSettings(url))) {
      // When
      Map<String, List<String>> findings = Validation.findings(settings);
      Set<Object> captured;
      try (CaptureRun run = new CaptureRun(settings, new HashMap<>())) {
        captured = run.records(2).stream().map(SourceRecord::key).collect(Collectors.toSet());
      }

      // Then
      assertEquals(Map.of(), findings);
      assertEquals(Set.of(1L, 2L), captured);
    }
    shop.dropSlots();
  }

  private String address() {
    return shop.url().substring("jdbc:postgresql://".length(), shop.url().lastIndexOf('/'));
  }

  private String name() {
    return shop.url().substring(shop.url().lastIndexOf('/') + 1);
  }

  private Map<String, String> settings(String url, Map<String, String> changes) {
    Map<String, String> settings = new HashMap<>(shop.settings(changes));
    settings.put("database.url", url);
    return settings;
  }
}
