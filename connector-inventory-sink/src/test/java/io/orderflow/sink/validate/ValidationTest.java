package io.orderflow.sink.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.InventorySinkConnector;
import io.orderflow.sink.fixture.Eventually;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import io.orderflow.sink.warehouse.WarehouseTables;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

class ValidationTest {

  private WarehouseDatabase database;
  private Map<String, String> settings = new HashMap<>();

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    settings = RunningSink.settings(database);
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  @Test
  void soundConfigurationHasNoErrors() {
    assertEquals(Map.of(), errors());
  }

  @Test
  void unavailableDatabaseIsReportedOnItsUrl() {
    settings.put("database.url", "jdbc:postgresql://127.0.0.1:1/warehouse");
    settings.put("database.connection.timeout.ms", "250");
    assertFinding("database.url", "the database is unavailable");
  }

  @Test
  void databaseThatDoesNotExistIsFoundOnItsUrl() {
    settings.put("database.url", database.url().replace(database.name(), "nowhere"));
    assertFinding("database.url", "nowhere");
  }

  @Test
  void statementThatUsesUpItsTimeIsFound() throws Exception {
    // Given
    database.stock("A", 1);
    settings.put("database.statement.timeout.ms", "1000");
    try (Connection session =
            DriverManager.getConnection(settings.get("database.url"), "postgres", "");
        Statement statement = session.createStatement()) {
      Thread slow =
          new Thread(
              () -> {
                try {
                  statement.execute("UPDATE stock SET moved = 1 FROM pg_sleep(60)");
                } catch (SQLException canceled) {
                  // At the end of the test.
                }
              });
      slow.start();

      // Then
      Eventually.until(() -> errors().containsKey("database.statement.timeout.ms"));
      assertFinding("database.statement.timeout.ms", "has written for", "wait event Timeout");
      statement.cancel();
      slow.join();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "SELECT FROM stock FOR UPDATE~ UPDATE stock SET moved = 1~ of a row",
        "LOCK TABLE stock~ UPDATE stock SET moved = 1~ of stock",
        "SELECT pg_advisory_xact_lock(1)~ SELECT pg_advisory_lock(1)~ for a lock",
        "LOCK TABLE stock; PREPARE TRANSACTION 'forgotten'~ UPDATE stock SET moved = 1~ ROLLBACK PREPARED",
      })
  void sessionThatHoldsALockIsNamed(String lock, String wait, String words) throws Exception {
    // Given
    database.stock("A", 1);
    settings.put("database.statement.timeout.ms", "1000");
    try (Connection holder = DriverManager.getConnection(database.url(), "postgres", "");
        Connection first = DriverManager.getConnection(database.url(), "postgres", "");
        Connection second = DriverManager.getConnection(database.url(), "postgres", "")) {
      holder.setAutoCommit(false);
      for (String sql : lock.split("; ", -1)) {
        holder.createStatement().execute(sql);
      }
      List<Thread> waiting = List.of(waiting(first, wait), waiting(second, wait));

      // Then: the second may wait for the first, which is not at fault
      String pid = String.valueOf(holder.unwrap(PGConnection.class).getBackendPID());
      Eventually.until(() -> errors().containsKey("database.url"));
      assertFinding("database.url", words, words.contains("PREPARED") ? "" : "session " + pid);
      assertEquals(1, errors().getOrDefault("database.url", List.of()).size());

      // When
      if (words.contains("PREPARED")) {
        database.execute("ROLLBACK PREPARED 'forgotten'");
      } else {
        database.execute("SELECT pg_terminate_backend(%s)".formatted(pid));
      }
      for (Thread thread : waiting) {
        thread.join();
      }
      assertEquals(Map.of(), errors());
    }
  }

  /** A thread that runs a statement until its lock is free. */
  private static Thread waiting(Connection session, String sql) {
    Thread thread =
        new Thread(
            () -> {
              try (session;
                  Statement statement = session.createStatement()) {
                statement.execute(sql);
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    thread.start();
    return thread;
  }

  @Test
  void missingTableIsReportedWithTheSqlThatCreatesIt() throws SQLException {
    database.execute("DROP TABLE payments");
    assertFinding("table.payments", "auto.create=true", "CREATE TABLE IF NOT EXISTS \"public\"");
  }

  @Test
  void missingTableIsAcceptedIfItIsToBeCreated() throws SQLException {
    database.execute("DROP TABLE payments");
    settings.put("auto.create", "true");
    assertEquals(Map.of(), errors());
  }

  @Test
  void missingTableOfDueSkusIsAcceptedIfItIsToBeCreated() throws SQLException {
    database.execute(
        WarehouseDatabase.WITH_BACKORDERS.backordersScript(OrderIdType.BIGINT)
            + "; DROP TABLE order_backorders_due");
    settings.put("backorders", "true");
    settings.put("auto.create", "true");
    assertEquals(Map.of(), errors());
  }

  @Test
  void missingColumnIsFoundWithTheSqlThatAddsIt() throws SQLException {
    database.execute(
        "DROP VIEW stock_drift, stock_totals, stock_units; ALTER TABLE stock DROP COLUMN moved");
    String sql = "ALTER TABLE \"public\".\"stock\" ADD COLUMN moved bigint NOT NULL DEFAULT 0;";
    assertFinding("table.stock", sql);
    assertFixes(sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP COLUMN revision CASCADE",
        "ALTER COLUMN revision DROP DEFAULT",
        "ALTER COLUMN revision DROP NOT NULL"
      })
  void revisionIsFoundMissingOrUnfitWithTheSqlThatFixesIt(String change) throws SQLException {
    database.execute("ALTER TABLE order_inventory " + change);
    assertFixes(sqlOf("table.order.inventory"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE order_inventory DROP COLUMN expires_at CASCADE",
        "DROP VIEW order_inventory_expiring, order_inventory_units;"
            + " ALTER TABLE order_inventory ALTER COLUMN expires_at TYPE timestamp",
        "DROP INDEX order_inventory_expires_at",
        "DROP INDEX order_inventory_expires_at;"
            + " CREATE INDEX ON order_inventory (expires_at) WHERE state = 'RESERVED'"
      })
  void whatDeadlinesNeedIsFoundMissingWithTheSqlThatFixesIt(String change) throws SQLException {
    settings.put("reservation.ttl.ms", "1000");
    settings.put("reservation.ttl.statuses", "PENDING");
    database.execute(change);
    assertNotEquals(Map.of(), errors());
    for (int fix = 0; fix < 3 && !errors().isEmpty(); fix++) {
      database.execute(sqlOf("table.order.inventory"));
    }
    assertEquals(Map.of(), errors());
  }

  @Test
  void withoutDeadlinesTheirIndexIsNotNeeded() throws SQLException {
    database.execute("DROP INDEX order_inventory_expires_at");
    assertEquals(Map.of(), errors());
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "reservation.ttl.ms=1000 ~ would expire (PENDING, PLACED, CONFIRMED, PAID), paid ones included",
        "order.expires.field=x ~ paid ones included; list the statuses of orders that wait",
        "reservation.ttl.statuses=SHIPPED ~ status SHIPPED reserves nothing",
        "reservation.ttl.statuses=pending ~ status pending reserves nothing",
      },
      delimiter = '~')
  void statusesThatMustNotOrCannotExpireAreFound(String setting, String finding) {
    String[] parts = setting.split("=", 2);
    settings.put(parts[0], parts[1]);
    assertFinding("reservation.ttl.statuses", finding);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PENDING", "PENDING,PLACED,CONFIRMED,PAID"})
  void namedStatusesMayExpire(String statuses) {
    settings.put("reservation.ttl.ms", "1000");
    settings.put("reservation.ttl.statuses", statuses);
    assertEquals(Map.of(), errors());
  }

  @Test
  void wrongTypeIsFoundWithTheSqlThatChangesIt() throws SQLException {
    database.execute("ALTER TABLE payments ALTER COLUMN amount TYPE float8");
    String sql =
        "ALTER TABLE \"public\".\"payments\" ALTER COLUMN amount TYPE numeric USING"
            + " amount::numeric;";
    assertFinding("table.payments", sql);
    assertFixes(sql);
  }

  @Test
  void orderIdsOfTwoTypesAreFound() throws SQLException {
    database.execute("ALTER TABLE payments ALTER COLUMN order_id TYPE text");
    assertFinding("table.order.inventory", "order_id of one type");
  }

  @Test
  void orderIdsOfNoSuchTypeAreFound() throws SQLException {
    database.execute("ALTER TABLE payments ALTER COLUMN order_id TYPE numeric");
    assertFinding("table.payments", "found numeric");
  }

  @Test
  void missingCheckIsFoundWithTheSqlThatAddsIt() throws SQLException {
    database.execute("ALTER TABLE stock DROP CONSTRAINT stock_check");
    String sql =
        "ALTER TABLE \"public\".\"stock\" ADD CHECK (%s);".formatted(WarehouseTables.STOCK_CHECK);
    assertFinding("table.stock", sql);
    assertFixes(sql);
  }

  /** A shortage is possible afterwards, and overselling is not. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP CONSTRAINT stock_check, ADD CONSTRAINT \"Old check\""
            + " CHECK (0 <= reserved AND reserved <= on_hand)",
        "DROP CONSTRAINT stock_check, ADD CHECK (reserved >= 0), ADD CHECK (on_hand >= reserved)",
        "ADD CHECK (on_hand - reserved >= 0)",
        "DROP CONSTRAINT stock_check, ADD CHECK (reserved <= on_hand), ADD CHECK (on_hand < 1000),"
            + " ADD CHECK (reserved + unavailable <= on_hand)",
        "ADD CHECK (length(sku) < 9 AND (on_hand > 50 OR reserved <= on_hand))"
      })
  void checkThatAllowsNoShortageIsFoundWithTheSqlThatReplacesIt(String change) throws SQLException {
    // Given
    database.execute("INSERT INTO stock (sku, on_hand, reserved) VALUES ('A', 5, 3)");
    database.execute("ALTER TABLE stock " + change);

    // Then
    for (int fix = 0; fix < 3 && !errors().isEmpty(); fix++) {
      assertFinding("table.stock", "allows no shortage");
      database.execute(sqlOf("table.stock"));
    }
    assertEquals(Map.of(), errors());
    database.execute("UPDATE stock SET on_hand = 2, shortage = 1");
    assertThrows(
        SQLException.class, () -> database.execute("UPDATE stock SET on_hand = 1, shortage = 1"));
    if (change.contains("1000")) {
      assertThrows(SQLException.class, () -> database.execute("UPDATE stock SET on_hand = 1000"));
    }
  }

  @Test
  void missingKeyIsFoundWithTheSqlThatAddsIt() throws SQLException {
    database.execute("ALTER TABLE order_inventory DROP CONSTRAINT order_inventory_pkey");
    String sql = "ALTER TABLE \"public\".\"order_inventory\" ADD PRIMARY KEY (order_id);";
    assertFinding("table.order.inventory", sql);
    assertFixes(sql);
  }

  @Test
  void missingPrivilegesAreFoundWithTheirGrant() throws SQLException {
    database.execute("CREATE ROLE poor LOGIN; GRANT SELECT ON stock, order_inventory TO poor");
    try {
      settings.put("database.user", "poor");
      assertFinding("table.stock", "GRANT INSERT, UPDATE ON \"public\".\"stock\" TO poor;");
      assertFinding("table.payments", "GRANT SELECT, INSERT, UPDATE ON \"public\".\"payments\"");
    } finally {
      database.execute("DROP OWNED BY poor; DROP ROLE poor");
    }
  }

  @Test
  void missingPrivilegeToCreateIsFound() throws SQLException {
    settings.put("auto.create", "true");
    settings.put("table.payments", "finance.payments");
    assertFinding("table.payments", "GRANT USAGE, CREATE ON SCHEMA \"finance\"");
  }

  @Test
  void roleThatDoesNotExistIsFoundOnTheUser() {
    settings.put("database.user", "nobody");
    assertFinding("database.user", "role \"nobody\" does not exist");
  }

  @Test
  void readOnlyDatabaseIsFound() throws SQLException {
    database.execute(
        "ALTER DATABASE " + database.name() + " SET default_transaction_read_only = on");
    assertFinding("database.url", "default_transaction_read_only = off");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void asynchronousCommitsAreFound(boolean isInUrl) throws SQLException {
    if (isInUrl) {
      settings.put(
          "database.url",
          database.url()
              + (database.url().contains("?") ? "&" : "?")
              + "options=-c%20synchronous_commit%3Doff");
    } else {
      database.execute("ALTER DATABASE " + database.name() + " SET synchronous_commit = off");
    }
    assertFinding("database.url", "ALTER ROLE postgres SET synchronous_commit = on;");
  }

  @Test
  void topicWithoutARoleIsFound() {
    settings.put("topics", "orders,inventory,payments,refunds");
    assertFinding(
        "topics.order", "topic refunds is in topics and has no role; list it in topics.order");
  }

  @Test
  void roleOfATopicThatIsNotConsumedIsFound() {
    settings.put("topics", "orders,inventory");
    assertFinding(
        "topics.payment", "topic payments has a role and is not consumed; add it to topics");
  }

  @Test
  void topicWithTwoRolesIsFound() {
    settings.put("topics.inventory", "inventory,orders");
    assertFinding("topics.inventory", "topic orders is also in topics.order");
  }

  @Test
  void deadLettersOfTopicsThatAreNotConsumedMayBeApplied() {
    settings.put("topics", "dead-letters");
    settings.put("topics.dead.letter", "dead-letters");
    settings.put("errors.deadletterqueue.topic.name", "still-dead");
    assertEquals(Map.of(), errors());
  }

  @Test
  void queueThatWouldGoRoundForEverIsFound() {
    settings.put("topics", "orders,inventory,payments,dead-letters");
    settings.put("topics.dead.letter", "dead-letters");
    settings.put("errors.deadletterqueue.topic.name", "dead-letters");
    assertFinding("topics.dead.letter", "dead-letters is the connector's own dead-letter queue");
  }

  @Test
  void queueThatIsNotConsumedOrHasAnotherRoleIsFound() {
    settings.put("topics.dead.letter", "dead-letters,orders");
    assertFinding(
        "topics.dead.letter",
        "topic dead-letters has a role and is not consumed",
        "topic orders is also in topics.order");
  }

  @Test
  void deadLettersAloneHaveNoRole() {
    settings.put("topics", "dead-letters");
    settings.put("topics.dead.letter", "dead-letters");
    settings.keySet().removeAll(List.of("topics.order", "topics.inventory", "topics.payment"));
    assertFinding("topics.order", "no topic has a role; list each in topics.order");
  }

  @Test
  void statusWithTwoIntentsIsFound() {
    settings.put("status.ship", "SHIPPED,PAID");
    assertFinding("status.ship", "status PAID is also in status.reserve");
  }

  @Test
  void paymentStatusWithTwoStatesIsFound() {
    settings.put("payment.status.failed", "VOIDED,PAID");
    assertFinding("payment.status.failed", "status PAID is also in payment.status.paid");
  }

  @Test
  void unknownCurrencyIsFound() {
    settings.put("currency.default", "euro");
    assertFinding("currency.default", "euro is no code of ISO 4217");
  }

  /** What is done to the tables of payments with IDs of their own, and the SQL of the finding. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "DROP VIEW payment_totals_drift, payments_balance; DROP TABLE payment_totals"
            + " ~ table.payment.totals ~ CREATE TABLE IF NOT EXISTS",
        "DROP VIEW payment_totals_drift; ALTER TABLE order_payments DROP COLUMN paid"
            + " ~ table.order.payments ~ ADD COLUMN paid numeric NOT NULL DEFAULT 0;",
        "DROP VIEW payment_totals_drift; ALTER TABLE order_payments ALTER paid TYPE float8"
            + " ~ table.order.payments ~ ALTER COLUMN paid TYPE numeric USING paid::numeric;",
        "DROP VIEW payments_balance; ALTER TABLE payments ALTER due TYPE float8"
            + " ~ table.payments ~ ALTER COLUMN due TYPE numeric USING due::numeric;",
        "DROP VIEW payments_balance; ALTER TABLE payments ALTER due TYPE bigint"
            + " ~ table.payments ~ ALTER COLUMN due TYPE numeric USING due::numeric;",
        "DROP VIEW payment_totals_drift; ALTER TABLE order_payments ALTER paid TYPE integer"
            + " ~ table.order.payments ~ found int4",
        "DROP VIEW payment_totals_drift, payments_balance; CREATE DOMAIN euros AS bigint;"
            + " CREATE DOMAIN price AS euros; ALTER TABLE payment_totals ALTER refunded TYPE price"
            + " ~ table.payment.totals ~ found int8",
        "ALTER TABLE order_payments DROP CONSTRAINT order_payments_pkey"
            + " ~ table.order.payments ~ ADD PRIMARY KEY (payment_id);",
        "ALTER TABLE payment_totals DROP CONSTRAINT payment_totals_pkey"
            + " ~ table.payment.totals ~ ADD PRIMARY KEY (order_id, currency);",
        "CREATE RULE keep AS ON UPDATE TO payment_totals DO INSTEAD NOTHING"
            + " ~ table.payment.totals ~ DROP RULE keep",
      })
  void tablesOfSeveralPaymentsAreCheckedAndFixed(String change, String key, String sql)
      throws SQLException {
    // Given
    settings.put("payment.id.field", "id");
    database.execute(WarehouseDatabase.WITH_PAYMENT_IDS.orderPaymentsScript(OrderIdType.BIGINT));
    assertEquals(Map.of(), errors());
    database.execute(change);

    // When
    assertFinding(key, sql);
    String message = String.join("", errors().getOrDefault(key, List.of()));
    database.execute(
        sql.startsWith("CREATE TABLE")
            ? message.substring(message.indexOf("-- The tables"))
            : message.substring(message.indexOf("Run: ") + 5, message.lastIndexOf(';')));

    // Then
    assertEquals(Map.of(), errors());
  }

  @ParameterizedTest
  @ValueSource(strings = {"numeric", "numeric(12)", "numeric(12, 1)", "numeric(12, 2)", "price"})
  void columnsOfAmountsMayHaveAnyScale(String type) throws SQLException {
    // Given
    settings.put("payment.id.field", "id");
    database.execute(WarehouseDatabase.WITH_PAYMENT_IDS.orderPaymentsScript(OrderIdType.BIGINT));

    // When
    database.execute(
        """
        DROP VIEW payment_totals_drift, payments_balance;
        CREATE DOMAIN yen AS numeric(12, 0);
        CREATE DOMAIN price AS yen;
        ALTER TABLE payments ALTER due TYPE %1$s, ALTER amount TYPE %1$s;
        ALTER TABLE order_payments ALTER paid TYPE %1$s;
        ALTER TABLE payment_totals ALTER refunded TYPE %1$s"""
            .formatted(type));

    // Then
    assertEquals(Map.of(), errors());
  }

  @Test
  void wrongTableNameIsFound() {
    settings.put("table.stock", "a.b.c");
    assertFinding("table.stock", "a.b.c is not a table name; write table, schema.table");
  }

  @Test
  void tablesOfTheSameNameAreFound() {
    settings.put("table.payments", "public.stock");
    assertFinding("table.stock", "name the same table");
  }

  @Test
  void maximumBackoffBelowTheFirstWaitIsFound() {
    settings.put("retry.backoff.ms", "200");
    settings.put("retry.backoff.max.ms", "100");
    assertFinding("retry.backoff.max.ms", "100 ms is less than the first wait of 200 ms");
  }

  @Test
  void misspelledSettingIsFound() {
    settings.put("table.stok", "public.stock");
    assertFinding("table.stok", "did you mean table.stock?");
  }

  @Test
  void settingsOfConnectAndItsPluginsAreNoError() {
    settings.put("transforms", "x");
    settings.put("transforms.x.type", "org.example.Drop");
    settings.put("consumer.override.max.poll.records", "5000");
    settings.put("errors.tolerance", "all");
    settings.put("database.driver.sslmode", "prefer");
    settings.put("team", "warehouse");
    assertEquals(Map.of(), errors());
  }

  @ParameterizedTest
  @ValueSource(strings = {"two", "0", "-1", "4294967296", ""})
  void wrongNumberOfTasksIsFound(String number) {
    settings.put("tasks.max", number);
    assertFinding("tasks.max", number);
    assertEquals(Set.of("tasks.max"), errors().keySet());
  }

  private Map<String, List<String>> errors() {
    Map<String, List<String>> errors = new HashMap<>();
    for (ConfigValue value : new InventorySinkConnector().validate(settings).configValues()) {
      if (!value.errorMessages().isEmpty()) {
        errors.put(value.name(), value.errorMessages());
      }
    }
    return errors;
  }

  private void assertFinding(String key, String... texts) {
    String found = String.join("\n", errors().getOrDefault(key, List.of()));
    for (String text : texts) {
      assertTrue(found.contains(text), () -> "expected: " + text + "\nfound: " + errors());
    }
  }

  /** The SQL of the finding of a setting. */
  private String sqlOf(String key) {
    String found = String.join("\n", errors().getOrDefault(key, List.of()));
    assertTrue(found.contains("Run: "), found);
    return found.substring(found.lastIndexOf("Run: ") + "Run: ".length());
  }

  private void assertFixes(String sql) throws SQLException {
    database.execute(sql);
    assertEquals(Map.of(), errors());
  }
}
