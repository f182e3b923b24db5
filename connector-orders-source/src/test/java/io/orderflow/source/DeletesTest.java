package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.TableKinds;
import io.orderflow.source.sql.InstallSql;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeletesTest {

  private static final Map<String, String> DELETES = Map.of("deletes.table", "orders_deleted");

  private static final String PRIVILEGES =
      "SELECT relowner::regrole || ': ' || relacl::text FROM pg_class WHERE oid = 'orders_deleted'::regclass";

  private final Shop shop = Shop.installed();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();

  @BeforeEach
  void install() {
    shop.runScript(sql(shop, DELETES, OrderIdType.BIGINT).deletesInstall());
  }

  private static InstallSql sql(Shop shop, Map<String, String> settings, OrderIdType type) {
    return new InstallSql(
        shop.config(settings).tables(),
        TableKinds.PLAIN,
        OrderIdColumns.of("id", type),
        4,
        "orders");
  }

  @Test
  void deletedOrderBecomesATombstone() {
    // Given
    shop.run(
        "INSERT INTO orders VALUES (1, 'NEW', 1); INSERT INTO order_items VALUES (1, 1, 'A', 1)");
    try (CaptureRun run = new CaptureRun(shop.settings(DELETES), offsets)) {
      SourceRecord order = run.records(1).get(0);

      // When
      shop.run("DELETE FROM orders");
      SourceRecord tombstone = run.records(1).get(0);

      // Then
      assertEquals(1L, tombstone.key());
      assertNull(tombstone.value());
      assertEquals("delete", tombstone.headers().lastWithName("orderflow.kind").value());
      assertTrue(version(order) < version(tombstone));
    }
  }

  @Test
  void tombstoneHasTheNextVersionIfTheTableHasVersions() {
    // Given
    Shop keeping = Postgres.newShop();
    keeping.run(Shop.TABLES);
    keeping.run("ALTER TABLE orders ADD COLUMN rev integer NOT NULL DEFAULT 7");
    Map<String, String> settings =
        Map.of("deletes.table", "public.deleted", "version.column", "rev");
    keeping.install(settings, "id", OrderIdType.BIGINT);
    keeping.runScript(sql(keeping, settings, OrderIdType.BIGINT).deletesInstall());
    keeping.run("INSERT INTO orders VALUES (1, 'NEW', 1)");
    keeping.run("DELETE FROM orders");

    try (CaptureRun run = new CaptureRun(keeping.settings(settings), offsets)) {
      // When
      SourceRecord tombstone = run.records(1).get(0);

      // Then
      assertEquals(8L, version(tombstone));
      assertEquals(Map.of(), Validation.findings(keeping.settings(settings)));
    }
  }

  @Test
  void scriptThatDoesNotFitTheTableFailsBeforeAnyDeleteDoes() {
    // Given
    // The existing table of deletes has no version, and the orders table has no such column.
    Map<String, String> versions =
        Map.of("deletes.table", "orders_deleted", "version.column", "rev");
    String script = sql(shop, versions, OrderIdType.BIGINT).deletesInstall();

    // When
    Exception oldTable = assertThrows(RuntimeException.class, () -> shop.runScript(script));
    shop.run("ALTER TABLE orders_deleted ADD COLUMN version bigint");
    Exception noColumn = assertThrows(RuntimeException.class, () -> shop.runScript(script));

    // Then
    assertTrue(oldTable.toString().contains("version"), oldTable.toString());
    assertTrue(noColumn.toString().contains("rev"), noColumn.toString());
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1)");
    shop.run("DELETE FROM orders");
    assertEquals("1", shop.value("SELECT count(*) FROM orders_deleted"));
  }

  @Test
  void orderThatIsInsertedAgainIsNotDeleted() {
    // Given
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1), (2, 'NEW', 1)");
    shop.run("DELETE FROM orders");
    shop.run("INSERT INTO orders VALUES (1, 'AGAIN', 1)");

    try (CaptureRun run = new CaptureRun(shop.settings(DELETES), offsets)) {
      // When
      List<SourceRecord> records = run.records(2);

      // Then
      assertEquals(Set.of(2L), tombstones(records));
      assertEquals("1", shop.value("SELECT count(*) FROM orders_deleted"));
    }
  }

  @Test
  void truncatedOrdersAndOldIdsBecomeTombstones() {
    // Given
    shop.run("INSERT INTO orders SELECT n, 'NEW', 1 FROM generate_series(1, 3) n");
    try (CaptureRun run = new CaptureRun(shop.settings(DELETES), offsets)) {
      run.records(3);

      // When
      shop.run("UPDATE orders SET id = 4 WHERE id = 3");
      List<SourceRecord> renamed = run.records(2);
      shop.run("TRUNCATE orders, order_items");
      List<SourceRecord> truncated = run.records(3);

      // Then
      assertEquals(Set.of(3L), tombstones(renamed));
      assertEquals(Set.of(1L, 2L, 4L), tombstones(truncated));
    }
  }

  /** Pages of one order per shard, with restarts, skip neither changes nor deletes. */
  @Test
  void changesAndDeletesAreEmittedInOneOrderAcrossRestarts() {
    // Given
    shop.run("INSERT INTO orders SELECT n, 'NEW', 1 FROM generate_series(1, 40) n");
    for (int id = 2; id <= 40; id += 2) {
      shop.run(
          "DELETE FROM orders WHERE id = %d; UPDATE orders SET total = 2 WHERE id = %d - 1"
              .formatted(id, id));
    }
    Map<String, String> settings = new HashMap<>(DELETES);
    settings.put("batch.max.orders", "1");
    Map<Integer, Long> reached = new HashMap<>();
    Set<Object> keys = new HashSet<>();

    // When
    int count = 0;
    for (int i = 0; i < 60; i++) {
      try (CaptureRun run = new CaptureRun(shop.settings(settings), offsets)) {
        for (SourceRecord record : run.poll()) {
          long position = (Long) record.headers().lastWithName("orderflow.offset").value();
          int shard =
              ((Number) Objects.requireNonNull(record.sourcePartition().get("shard"))).intValue();
          assertTrue(reached.getOrDefault(shard, 0L) <= position);
          reached.put(shard, position);
          keys.add(record.key());
          count++;
        }
      }
    }

    // Then
    assertEquals(40, count);
    assertEquals(40, keys.size());
  }

  @Test
  void deletesAreEmittedDespiteAFilter() {
    // Given
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1), (2, 'DRAFT', 1), (3, 'DRAFT', 1)");
    shop.run("DELETE FROM orders WHERE id = 3");
    Map<String, String> settings = new HashMap<>(DELETES);
    settings.put("orders.where", "status = 'NEW'");

    try (CaptureRun run = new CaptureRun(shop.settings(settings), offsets)) {
      // When
      List<SourceRecord> records = run.records(2);

      // Then
      assertEquals(Set.of(1L, 3L), QueryCaptureTest.keys(records));
      assertEquals(Set.of(3L), tombstones(records));
    }
  }

  @ParameterizedTest
  @CsvSource({"uuid, UUID", "text, TEXT", "integer, INTEGER", "smallint, INTEGER"})
  void everyTypeOfOrderIdHasTombstones(String sqlType, OrderIdType type) {
    // Given
    Shop other = Postgres.newShop();
    other.run(Shop.TABLES.replace("bigint", sqlType));
    other.install(DELETES, "id", type);
    other.runScript(sql(other, DELETES, type).deletesInstall());
    String id = type == OrderIdType.UUID ? "123e4567-e89b-12d3-a456-426614174000" : "12";
    other.run("INSERT INTO orders VALUES ('%s', 'NEW', 1)".formatted(id));

    try (CaptureRun run = new CaptureRun(other.settings(DELETES), offsets)) {
      run.records(1);

      // When
      other.run("DELETE FROM orders");
      SourceRecord tombstone = run.records(1).get(0);

      // Then
      assertNull(tombstone.value());
      assertEquals(id, tombstone.key().toString());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DROP TABLE orders_deleted | CREATE TABLE",
        "ALTER TABLE orders_deleted DROP COLUMN change_xid | CREATE TABLE",
        "DROP INDEX {capture_4_orders_deleted} | CREATE INDEX",
        "DROP TRIGGER {deletes_delete} ON orders | CREATE OR REPLACE TRIGGER",
        "ALTER TABLE orders DISABLE TRIGGER {deletes_insert} | ENABLE ALWAYS TRIGGER"
      })
  void missingPartIsReportedWithTheFix(String fault, String fix) {
    // Given
    shop.run(shop.withNames(fault));

    // When
    Map<String, List<String>> findings = Validation.findings(shop.settings(DELETES));

    // Then
    assertEquals(List.of("deletes.table"), List.copyOf(findings.keySet()), findings.toString());
    assertTrue(findings.toString().contains(fix), findings.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP COLUMN change_xid",
        "DROP COLUMN order_id, ADD COLUMN order_id text",
        "RENAME COLUMN order_id TO other"
      })
  void tableWithOtherColumnsGetsTheRightOnesForAllConnectorsAndKeepsItsPrivileges(String fault) {
    // Given
    Map<String, String> first = shop.settings(DELETES);
    Map<String, String> second = shop.settings(DELETES);
    second.put("name", "second");
    Validation.runFixes(shop, second);
    shop.run(
        """
        DO $$ BEGIN CREATE ROLE cleaner; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
        GRANT SELECT, DELETE ON orders_deleted TO cleaner; INSERT INTO orders_deleted VALUES (7)
        """);
    String privileges = shop.value(PRIVILEGES);
    shop.run("ALTER TABLE orders_deleted " + fault);

    // When
    Validation.runFixes(shop, first);

    // Then
    assertEquals(Map.of(), Validation.findings(first));
    assertEquals(Map.of(), Validation.findings(second));
    assertTrue(privileges.contains("cleaner=rd/"), privileges);
    assertEquals(privileges, shop.value(PRIVILEGES));
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1)");
    shop.run("DELETE FROM orders");
    assertEquals("1", shop.value("SELECT count(*) FROM orders_deleted"));
    shop.run("DROP OWNED BY cleaner");
  }

  @ParameterizedTest
  @CsvSource({"customers, the triggers do not fill", "orders_deleted, triggers of other settings"})
  void tableOfOthersIsNotDropped(String table, String problem) {
    // Given
    shop.run("CREATE TABLE customers (id bigint PRIMARY KEY); INSERT INTO customers VALUES (1)");
    shop.run("ALTER TABLE orders ADD COLUMN rev integer NOT NULL DEFAULT 1");
    Map<String, String> settings =
        shop.settings(Map.of("deletes.table", table, "version.column", "rev"));

    // When
    Exception failure =
        assertThrows(RuntimeException.class, () -> Validation.runFixes(shop, settings));

    // Then
    assertTrue(failure.toString().contains(problem), failure.toString());
    assertEquals("1", shop.value("SELECT count(*) FROM customers"));
    assertEquals(Map.of(), Validation.findings(shop.settings(DELETES)));
  }

  @Test
  void scriptsCanRunAgainAndUninstallRemovesEverything() {
    // Given
    InstallSql sql = sql(shop, DELETES, OrderIdType.BIGINT);
    shop.runScript(sql.deletesInstall());
    Map<String, List<String>> installed = Validation.findings(shop.settings(DELETES));

    // When
    shop.runScript(sql.deletesUninstall());

    // Then
    assertEquals(Map.of(), installed);
    assertEquals(
        "0",
        shop.value(
            """
            SELECT (SELECT count(*) FROM pg_proc WHERE proname LIKE '%keep_%')
                 + (SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'orderflow_deletes%')
                 + (SELECT count(*) FROM pg_class WHERE relname LIKE '%deleted%')\
            """));
  }

  private static long version(SourceRecord record) {
    return (Long) record.headers().lastWithName("orderflow.version").value();
  }

  private static Set<Object> tombstones(List<SourceRecord> records) {
    return QueryCaptureTest.keys(
        records.stream()
            .flatMap(record -> record.value() == null ? Stream.of(record) : Stream.empty())
            .toList());
  }
}
