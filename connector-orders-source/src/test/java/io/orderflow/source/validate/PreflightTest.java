package io.orderflow.source.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.CaptureRun;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.TableKinds;
import io.orderflow.source.sql.InstallSql;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreflightTest {

  private static final String NO_KEY =
      "ALTER TABLE order_items DROP CONSTRAINT order_items_order_id_fkey; ALTER TABLE orders DROP CONSTRAINT orders_pkey; ";

  private static final String SHARD = "((hashint8(id) & 2147483647) % 4)";

  @Test
  void preparedDatabaseHasNoFinding() {
    // Given
    Shop shop = Shop.installed();

    // When
    Map<String, List<String>> findings = Validation.findings(shop.settings(Map.of()));

    // Then
    assertEquals(Map.of(), findings);
  }

  static Stream<Arguments> faults() {
    return Stream.concat(faultsOfInstallation(), faultsOfColumns());
  }

  private static Stream<Arguments> faultsOfInstallation() {
    return Stream.of(
        fault("DROP TABLE order_items", "items.table", "order_items"),
        fault("DROP TABLE orders CASCADE", "orders.table", "orders"),
        fault("ALTER TABLE orders DROP COLUMN change_xid", "change.xid.column", "ADD COLUMN"),
        fault(
            "ALTER TABLE order_items DROP CONSTRAINT order_items_pkey, DROP COLUMN order_id",
            "items.order.id.column",
            "order_id"),
        fault("DROP TRIGGER {stamp} ON orders", "orders.table", "CREATE OR REPLACE TRIGGER"),
        fault("DROP TRIGGER {items_delete} ON order_items", "items.table", "CREATE OR REPLACE"),
        fault(
            "ALTER TABLE orders DISABLE TRIGGER {stamp}", "orders.table", "ENABLE ALWAYS TRIGGER"),
        fault("DROP INDEX {capture_4}", "orders.table", "CREATE INDEX CONCURRENTLY"),
        fault(
            "DROP INDEX {capture_4}; CREATE INDEX ON orders ("
                + SHARD.replace("4)", "8)")
                + ", change_xid, id)",
            "capture.shards",
            "[8]"));
  }

  private static Stream<Arguments> faultsOfColumns() {
    return Stream.of(
        fault(
            "ALTER TABLE order_items DROP CONSTRAINT order_items_pkey",
            "items.order.id.column",
            "CREATE INDEX"),
        fault(NO_KEY, "orders.id.column", "primary key"),
        fault(
            "ALTER TABLE orders ADD COLUMN version bigint",
            "version.column",
            "version.column=version"),
        fault(
            "ALTER TABLE orders ADD COLUMN items text", "columns.rename", "columns.exclude=items"),
        fault(
            "ALTER TABLE orders DISABLE TRIGGER USER; INSERT INTO orders VALUES (1, 'A', 1,"
                + " '999999999'); ALTER TABLE orders ENABLE ALWAYS TRIGGER {stamp}",
            "change.xid.column",
            "UPDATE"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void faultIsReportedOnItsKeyWithTheFix(String sql, String key, String fix) {
    // Given
    Shop shop = Shop.installed();
    shop.run(shop.withNames(sql));

    // When
    Map<String, List<String>> findings = Validation.findings(shop.settings(Map.of()));

    // Then
    assertEquals(List.of(key), List.copyOf(findings.keySet()), findings.toString());
    assertTrue(findings.toString().contains(fix), findings.toString());
  }

  /** A unique index may serve a foreign key; only the primary key says what a row is. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ADD PRIMARY KEY (id, status) | Set orders.id.column=id,status",
        "ADD UNIQUE (id, status) | Set orders.id.column=id,status",
        "ADD COLUMN token text PRIMARY KEY | no unique index ensures it:",
        "ADD COLUMN token text PRIMARY KEY, ADD UNIQUE (id, token) | ADD UNIQUE (\"id\")",
        "ADD COLUMN token text PRIMARY KEY, ADD UNIQUE (id, token) | orders.id.column=token instead:",
        "ADD PRIMARY KEY (id) DEFERRABLE, ADD UNIQUE (id, status) | no unique index ensures it:"
      })
  void orderIdWithoutAUniqueIndexIsReportedWithWhatThePrimaryKeySays(String keys, String fix) {
    // Given
    Shop shop = Shop.installed();
    shop.run(NO_KEY + "ALTER TABLE orders " + keys);

    // When
    Map<String, List<String>> findings =
        Validation.findings(shop.settings(Map.of("orders.id.column", "id")));

    // Then
    assertEquals(List.of("orders.id.column"), List.copyOf(findings.keySet()));
    assertTrue(findings.toString().contains(fix), findings.toString());
    findings.values().stream()
        .flatMap(List::stream)
        .flatMap(message -> Validation.fix(message).stream())
        .forEach(shop::run);
    assertEquals(
        !fix.startsWith("Set"),
        Validation.findings(shop.settings(Map.of("orders.id.column", "id"))).isEmpty());
  }

  static Stream<String> faultsOfTriggers() {
    return Stream.of(
        "DROP TRIGGER {stamp} ON orders",
        "CREATE OR REPLACE TRIGGER {stamp} BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION {stamp_orders}()",
        "CREATE OR REPLACE FUNCTION {stamp_orders}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "DROP TRIGGER {items_update} ON order_items",
        "DROP TRIGGER {items_update} ON order_items; CREATE TRIGGER {items_update} AFTER UPDATE OF quantity ON"
            + " order_items FOR EACH STATEMENT EXECUTE FUNCTION {stamp_items}()",
        "CREATE OR REPLACE TRIGGER {items_insert} AFTER INSERT ON order_items REFERENCING NEW TABLE AS other FOR"
            + " EACH STATEMENT EXECUTE FUNCTION {stamp_items}()",
        "CREATE OR REPLACE TRIGGER {items_truncate} BEFORE TRUNCATE ON order_items FOR EACH STATEMENT EXECUTE"
            + " FUNCTION suppress_redundant_updates_trigger()",
        "ALTER FUNCTION {stamp_items}() SECURITY INVOKER",
        "ALTER FUNCTION {stamp_items}() RESET plan_cache_mode",
        "ALTER TABLE orders DISABLE TRIGGER {stamp}",
        "ALTER TABLE order_items ENABLE TRIGGER {items_delete}",
        "ALTER TABLE order_items ENABLE REPLICA TRIGGER {items_delete}");
  }

  /** The check compares what triggers do: their names alone say nothing. */
  @ParameterizedTest
  @MethodSource("faultsOfTriggers")
  void triggerThatDoesNotDoWhatCaptureNeedsIsFoundAndRepaired(String fault) {
    // Given
    Shop shop = Shop.installed();
    shop.run(shop.withNames(fault));
    String message = onlyMessage(shop);

    // When
    shop.runScript(Validation.fix(message).orElseThrow());

    // Then
    assertEquals(Map.of(), Validation.findings(shop.settings(Map.of())));
  }

  @Test
  void suggestedUpdateFixesTransactionsOfAnotherCluster() {
    // Given
    Shop shop = Shop.installed();
    shop.run(
        shop.withNames(
            "ALTER TABLE orders DISABLE TRIGGER USER; INSERT INTO orders VALUES (1, 'A', 1,"
                + " '999999999'); ALTER TABLE orders ENABLE ALWAYS TRIGGER {stamp}"));
    String message = onlyMessage(shop);

    // When
    shop.run(message.substring(message.indexOf("UPDATE")));

    // Then
    assertEquals(Map.of(), Validation.findings(shop.settings(Map.of())));
  }

  @Test
  void rowSecurityThatHidesRowsIsReported() {
    // Given
    Shop shop = Shop.installed();
    shop.run(
        "DROP ROLE IF EXISTS restricted_reader; CREATE ROLE restricted_reader LOGIN;"
            + " GRANT SELECT ON orders, order_items TO restricted_reader;"
            + " ALTER TABLE orders ENABLE ROW LEVEL SECURITY");

    // When
    Map<String, List<String>> findings =
        Validation.findings(shop.settings(Map.of("database.user", "restricted_reader")));

    // Then
    assertTrue(findings.toString().contains("BYPASSRLS"), findings.toString());
  }

  @Test
  void rowSecurityThatHidesOrdersFromTheTriggersIsReportedWithAFix() {
    // Given
    Shop shop = Shop.installed();
    shop.run(
        """
        DO $$ BEGIN CREATE ROLE policed_owner; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
        ALTER TABLE orders OWNER TO policed_owner; ALTER TABLE order_items OWNER TO policed_owner;
        DO $$ BEGIN EXECUTE (SELECT string_agg(format('ALTER FUNCTION %I() OWNER TO policed_owner', proname), ';')
          FROM pg_proc WHERE proname LIKE 'orderflow\\_%'); END $$;
        CREATE POLICY current ON orders USING (status <> 'ARCHIVED');
        INSERT INTO orders VALUES (1, 'ARCHIVED', 1)
        """);
    String placed = shop.value("SELECT change_xid FROM orders");
    Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    ConnectException running;
    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      run.poll();
      shop.run(
          "ALTER TABLE orders ENABLE ROW LEVEL SECURITY; ALTER TABLE orders FORCE ROW LEVEL SECURITY");
      shop.run("SET ROLE policed_owner; INSERT INTO order_items VALUES (1, 1, 'A', 1)");
      running = assertThrows(ConnectException.class, () -> pollForSeconds(run));
    }
    String lost = shop.value("SELECT change_xid FROM orders");
    ConnectException started;
    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      started = assertThrows(ConnectException.class, run::poll);
    }

    // When
    String finding = onlyMessage(shop);
    shop.runScript(Validation.fix(finding).orElseThrow());
    Map<String, List<String>> left = Validation.findings(shop.settings(Map.of()));
    shop.run("SET ROLE policed_owner; INSERT INTO order_items VALUES (1, 2, 'A', 1)");
    String recorded = shop.value("SELECT change_xid FROM orders");
    // A superuser may install again; that keeps the owner.
    shop.install(Map.of(), "id", OrderIdType.BIGINT);

    // Then
    assertEquals(placed, lost);
    for (ConnectException failure : List.of(running, started)) {
      assertTrue(String.valueOf(failure.getMessage()).contains(finding), failure::getMessage);
    }
    assertEquals(Map.of(), left);
    assertNotEquals(placed, recorded);
    assertEquals(Map.of(), Validation.findings(shop.settings(Map.of())));
    assertEquals(
        "f", shop.value("SELECT rolbypassrls FROM pg_roles WHERE rolname = 'policed_owner'"));
  }

  /** Longer than the time between two checks of the triggers. */
  private static void pollForSeconds(CaptureRun run) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (System.nanoTime() < end) {
      run.poll();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "varchar(12)"})
  void foreignKeysToIdsWithANondeterministicCollationOutliveTheFix(String type) {
    // Given
    Shop shop = Postgres.newShop();
    shop.run(
        """
        CREATE COLLATION caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        CREATE TABLE orders (id %1$s COLLATE caseless PRIMARY KEY, status text NOT NULL);
        CREATE TABLE order_items (order_id %1$s COLLATE caseless REFERENCES orders ON DELETE CASCADE, line_no int,
          PRIMARY KEY (order_id, line_no));
        CREATE TABLE "Shipments" (id int, "order" %1$s COLLATE caseless CONSTRAINT "of" REFERENCES orders DEFERRABLE);
        INSERT INTO orders VALUES ('a', 'NEW'); INSERT INTO order_items VALUES ('a', 1);
        INSERT INTO "Shipments" VALUES (1, 'a')
        """
            .formatted(type));
    Map<String, String> settings = shop.settings(Map.of());

    // When
    for (int i = 0; i < 4 && !Validation.findings(settings).isEmpty(); i++) {
      for (List<String> messages : Validation.findings(settings).values()) {
        shop.runScript(Validation.fix(messages.get(0)).orElseThrow());
      }
    }

    // Then
    assertEquals(Map.of(), Validation.findings(settings));
    assertEquals(
        "c f, a t",
        shop.value(
            "SELECT string_agg(concat_ws(' ', confdeltype, condeferrable), ', ' ORDER BY conrelid) FROM pg_constraint WHERE contype = 'f'"));
    shop.run("DELETE FROM \"Shipments\"; DELETE FROM orders");
    assertEquals("0", shop.value("SELECT count(*) FROM order_items"));
  }

  @Test
  void suggestedScriptPreparesANewDatabase() {
    // Given
    Shop shop = Postgres.newShop();
    shop.run(Shop.TABLES);
    String message = onlyMessage(shop);

    // When
    shop.runScript(Validation.fix(message).orElseThrow());

    // Then
    assertEquals(Map.of(), Validation.findings(shop.settings(Map.of())));
  }

  @Test
  void missingPrivilegeIsReportedWithTheGrant() {
    // Given
    Shop shop = Shop.installed();
    shop.run(
        "DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN; GRANT SELECT ON orders TO reader");

    // When
    Map<String, List<String>> findings =
        Validation.findings(
            shop.settings(Map.of("database.user", "reader", "items.where", "sku <> 'GIFT'")));

    // Then
    assertEquals(List.of("items.table"), List.copyOf(findings.keySet()));
    assertTrue(
        findings.toString().contains("GRANT SELECT ON \"public\".\"order_items\" TO \"reader\""));
  }

  @Test
  void schemaThatTheRoleMustNotUseIsReportedWithTheGrant() {
    // Given
    Shop shop = Postgres.newShop();
    shop.run("CREATE SCHEMA shop; SET search_path = shop; " + Shop.TABLES);
    shop.run("DROP ROLE IF EXISTS stranger; CREATE ROLE stranger LOGIN");
    Map<String, String> settings =
        shop.settings(
            Map.of(
                "database.user",
                "stranger",
                "orders.table",
                "shop.orders",
                "items.table",
                "shop.order_items"));

    // When
    Map<String, List<String>> findings = Validation.findings(settings);

    // Then
    assertEquals(List.of("orders.table"), List.copyOf(findings.keySet()));
    assertTrue(
        findings.toString().contains("GRANT USAGE ON SCHEMA \"shop\" TO \"stranger\""),
        findings.toString());
  }

  @Test
  void columnsThatCannotHaveTheirRoleAreReported() {
    // Given
    Shop shop = Shop.installed();
    Map<String, String> settings =
        shop.settings(Map.of("version.column", "status", "orders.id.column", "id"));

    // When
    Map<String, List<String>> wrongType = Validation.findings(settings);
    settings.put("version.column", "no_such");
    Map<String, List<String>> missing = Validation.findings(settings);
    settings.put("version.column", "id");
    settings.put("orders.id.column", "total");
    Map<String, List<String>> wrongId = Validation.findings(settings);

    // Then
    assertEquals(List.of("version.column"), List.copyOf(wrongType.keySet()));
    assertEquals(List.of("version.column"), List.copyOf(missing.keySet()));
    assertEquals(List.of("orders.id.column"), List.copyOf(wrongId.keySet()));
  }

  /** A unique index of it would refuse the next draft. */
  @Test
  void partOfAKeyIsNotMadeUnique() {
    // Given: orders of which drafts are kept; nobody edits one now
    Shop shop = Shop.installed();
    shop.run(
        """
        ALTER TABLE order_items DROP CONSTRAINT order_items_order_id_fkey;
        ALTER TABLE orders DROP CONSTRAINT orders_pkey;
        ALTER TABLE orders ADD COLUMN draft int NOT NULL DEFAULT 0, ADD PRIMARY KEY (id, draft);
        """);

    // When
    Map<String, List<String>> findings =
        Validation.findings(shop.settings(Map.of("orders.id.column", "id")));

    // Then
    assertEquals(List.of("orders.id.column"), List.copyOf(findings.keySet()));
    assertTrue(
        findings.toString().contains("Set orders.id.column=id,draft and"), findings.toString());
    assertFalse(findings.toString().contains("ALTER TABLE"), findings.toString());
  }

  @Test
  void unavailableDatabaseIsReportedOnItsUrlWithoutThePassword() {
    // Given
    Map<String, String> settings =
        Postgres.newShop()
            .settings(
                Map.of(
                    "database.url", "jdbc:postgresql://localhost:1/shop?password=hidden",
                    "database.password", "secret",
                    "database.connection.timeout.ms", "300"));

    // When
    Map<String, List<String>> findings = Validation.findings(settings);

    // Then
    assertEquals(List.of("database.url"), List.copyOf(findings.keySet()));
    assertFalse(findings.toString().contains("secret"));
    assertFalse(findings.toString().contains("hidden"));
  }

  @Test
  void missingDatabaseIsReportedOnItsUrl() {
    // Given
    Shop shop = Postgres.newShop();
    Map<String, String> settings =
        shop.settings(
            Map.of(
                "database.url",
                shop.url().replaceAll("/shop_\\d+", "/no_such"),
                "database.connection.timeout.ms",
                "300"));

    // When
    Map<String, List<String>> findings = Validation.findings(settings);

    // Then
    assertEquals(List.of("database.url"), List.copyOf(findings.keySet()), findings.toString());
  }

  @Test
  void invalidSettingsAreReportedWithoutADatabase() {
    // Given
    Map<String, String> settings =
        Map.of("database.url", "mysql://x", "capture", "guess", "capture.shards", "0");

    // When
    Map<String, List<String>> findings = Validation.findings(settings);

    // Then
    assertEquals(
        List.of("capture", "capture.shards", "database.url", "database.user"),
        List.copyOf(findings.keySet()));
  }

  @Test
  void uninstallRemovesEverything() {
    // Given
    Shop shop = Shop.installed();
    OrdersSourceConfig config = shop.config(Map.of());

    // When
    shop.runScript(
        new InstallSql(
                config.tables(),
                TableKinds.PLAIN,
                OrderIdColumns.of("id", OrderIdType.BIGINT),
                4,
                config.name())
            .uninstall());

    // Then
    assertEquals(
        "0",
        shop.value(
            """
            SELECT (SELECT count(*) FROM pg_proc WHERE proname LIKE 'orderflow%')
                 + (SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'orderflow%')
                 + (SELECT count(*) FROM pg_class WHERE relname LIKE 'orderflow%')
                 + (SELECT count(*) FROM pg_attribute WHERE attname = 'change_xid')\
            """));
  }

  private static String onlyMessage(Shop shop) {
    return Validation.findings(shop.settings(Map.of())).values().iterator().next().get(0);
  }

  private static Arguments fault(String sql, String key, String fix) {
    return Arguments.of(sql, key, fix);
  }
}
