package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import io.orderflow.source.sql.InstallSql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders and items that are partitioned by date, so that no primary key is the ID alone. */
class PartitionedOrdersTest {

  /** On a busy machine, a chunk takes many polls. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final String TABLES =
      """
      CREATE TABLE orders (
        id bigint, status text, created_at date, PRIMARY KEY (id, created_at)) PARTITION BY RANGE (created_at);
      CREATE TABLE orders_2025 PARTITION OF orders
        FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY RANGE (created_at);
      CREATE TABLE orders_2025_a PARTITION OF orders_2025 FOR VALUES FROM ('2025-01-01') TO ('2025-07-01');
      CREATE TABLE orders_2025_b PARTITION OF orders_2025 FOR VALUES FROM ('2025-07-01') TO ('2026-01-01');
      CREATE TABLE orders_2026 PARTITION OF orders FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
      CREATE TABLE order_items (
        order_id bigint, line_no int, sku text, created_at date,
        PRIMARY KEY (order_id, line_no, created_at)) PARTITION BY RANGE (created_at);
      CREATE TABLE order_items_2025 PARTITION OF order_items FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
      CREATE TABLE order_items_2026 PARTITION OF order_items FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
      INSERT INTO orders VALUES (1, 'NEW', '2025-03-01'), (2, 'NEW', '2025-08-01'), (3, 'NEW', '2026-01-01'), (4, 'NEW', '2026-02-01');
      INSERT INTO order_items SELECT id, line, 'sku' || line, created_at FROM orders, generate_series(1, 2) line WHERE id < 4;
      """;

  private static final String ROWS_READ =
      """
      SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname LIKE 'order%')
           + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname LIKE 'order%')
      """;

  private final Shop shop = Postgres.newShop();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();

  @AfterEach
  void dropSlots() {
    shop.dropSlots();
  }

  private Map<String, String> prepare(String capture) {
    shop.run(TABLES);
    Map<String, String> more =
        Map.of("orders.id.column", "id", "batch.max.orders", "4", "snapshot.chunk.size", "2");
    if (capture.equals("log")) {
      return shop.logSettings(more);
    }
    Map<String, String> settings = shop.settings(more);
    settings.put("deletes.table", "orders_deleted");
    Validation.runFixes(shop, settings);
    return settings;
  }

  @ParameterizedTest
  @ValueSource(strings = {"query", "log"})
  void everyChangeOfAnyPartitionIsEmitted(String capture) {
    // Given
    Map<String, String> settings = prepare(capture);
    assertEquals(Map.of(), Validation.findings(settings));

    // When
    List<SourceRecord> snapshot = new ArrayList<>();
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      while (snapshot.isEmpty()) {
        snapshot.addAll(run.poll());
      }
    }
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      snapshot.addAll(run.records(4 - snapshot.size()));

      // Then
      assertEquals(
          Set.of("1 NEW sku1 sku2", "2 NEW sku1 sku2", "3 NEW sku1 sku2", "4 NEW"),
          EventTexts.of(snapshot));
      assertEmitted(run, "UPDATE orders SET status = 'PAID' WHERE id = 1", "1 PAID sku1 sku2");
      assertEmitted(
          run, "UPDATE orders SET created_at = '2026-05-01' WHERE id = 1", "1 PAID sku1 sku2");
      assertEmitted(
          run,
          "UPDATE orders SET created_at = '2025-09-01' WHERE id IN (1, 3)",
          "1 PAID sku1 sku2",
          "3 NEW sku1 sku2");
      assertEmitted(
          run,
          "UPDATE order_items SET created_at = '2026-05-01' WHERE order_id = 1 AND line_no = 1",
          "1 PAID sku1 sku2");
      assertEmitted(
          run,
          "UPDATE order_items SET order_id = 2, line_no = 3 WHERE order_id = 1 AND line_no = 2",
          "1 PAID sku1",
          "2 NEW sku1 sku2 sku2");
      assertEmitted(
          run,
          "UPDATE order_items_2025 SET sku = 'leaf' WHERE order_id = 2 AND line_no = 1",
          "2 NEW leaf sku2 sku2");
      assertEmitted(
          run, "DELETE FROM order_items_2025 WHERE order_id = 2 AND line_no > 1", "2 NEW leaf");
      assertEmitted(run, "UPDATE orders_2025_b SET status = 'SENT' WHERE id = 2", "2 SENT leaf");
      assertEmitted(
          run,
          "UPDATE orders SET id = 5, created_at = '2026-03-01' WHERE id = 3",
          "3 deleted",
          "5 NEW");
      assertEmitted(run, "DELETE FROM orders WHERE id = 4", "4 deleted");
      assertEmitted(run, "DELETE FROM orders_2025_b WHERE id = 2", "2 deleted");
      assertEmitted(
          run,
          "BEGIN; INSERT INTO orders_2026 VALUES (6, 'NEW', '2026-06-01'); INSERT INTO order_items_2026 VALUES (6, 1, 'x', '2026-06-01'); COMMIT",
          "6 NEW x");
      shop.run(
          "CREATE TABLE orders_2027 PARTITION OF orders FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')");
      assertEmitted(run, "INSERT INTO orders VALUES (7, 'NEW', '2027-01-01')", "7 NEW");
      assertEmitted(run, "DELETE FROM orders_2027", "7 deleted");
    }
    Validation.runFixes(shop, settings);
    assertEquals(Map.of(), Validation.findings(settings));
    shop.run("UPDATE orders SET status = 'LATE', created_at = '2027-01-01' WHERE id = 6");
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      assertEquals(Set.of("6 LATE x"), EventTexts.of(run.records(1)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO orders VALUES (1, 'MOVED', '2026-05-01'); DELETE FROM orders_2025 WHERE id = 1",
        "INSERT INTO orders VALUES (1, 'MOVED', '2026-05-01'); TRUNCATE orders_2025_a",
        "WITH gone AS (DELETE FROM orders WHERE id = 1 RETURNING id) INSERT INTO orders SELECT id, 'MOVED', '2026-05-01' FROM gone"
      })
  void orderThatIsMovedToAnotherPartitionIsNotDeleted(String move) {
    // Given
    Map<String, String> settings = prepare("query");
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      run.records(4);

      // When, then
      assertEmitted(run, move, "1 MOVED sku1 sku2");
    }
  }

  /** A partition manager creates partitions that are empty, and runs no script of ours. */
  @Test
  void ordersOfAPartitionThatWasCreatedEmptyAreEmittedOnce() {
    // Given
    Map<String, String> settings = prepare("query");
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      run.records(4);
      shop.run(
          """
          CREATE TABLE orders_2027 PARTITION OF orders FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
          CREATE TABLE order_items_2027 PARTITION OF order_items FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')
          """);
      assertEmitted(
          run,
          "INSERT INTO orders VALUES (7, 'NEW', '2027-01-01'); INSERT INTO order_items VALUES (7, 1, 'a', '2027-01-01')",
          "7 NEW a");
    }
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      assertEmitted(run, "UPDATE orders SET status = 'PAID' WHERE id = 7", "7 PAID a");

      // When
      InstallSql sql = shop.installSql(settings, "id", OrderIdType.BIGINT);
      shop.runScript(sql.stamps());
      shop.runScript(sql.deletesInstall());

      // Then
      assertEquals(List.of(), run.records(0));
    }
  }

  @Test
  void ordersOfAnAttachedPartitionAreEmittedOnceTheScriptHasRun() {
    // Given
    Map<String, String> settings = prepare("query");
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      run.records(4);
    }
    shop.run(
        """
        CREATE TABLE late (LIKE orders INCLUDING DEFAULTS);
        INSERT INTO late VALUES (7, 'OLD', '2027-01-01'), (8, 'OLD', '2027-01-01');
        """);
    shop.run(
        "ALTER TABLE orders ATTACH PARTITION late FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')");
    shop.run("UPDATE orders SET status = 'PAID' WHERE id = 8");

    // When
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      assertThrows(ConnectException.class, () -> run.records(1));
    }
    Validation.runFixes(shop, settings);
    shop.runScript(shop.installSql(settings, "id", OrderIdType.BIGINT).stamps());

    // Then
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      assertEquals(Set.of("7 OLD", "8 PAID"), EventTexts.of(run.records(2)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "query, UPDATE orders SET status = 'PAID' WHERE id = 1;",
    "log, UPDATE orders SET status = 'PAID' WHERE id = 1;",
    "query, ''",
    "log, ''"
  })
  void secondOrderWithTheSameIdStopsTheTask(String capture, String change) {
    // Given: without a change of the first order, the second one counts as deleted
    Map<String, String> settings = prepare(capture);
    if (change.isEmpty()) {
      settings.put("orders.deleted.where", "status = 'TWICE'");
    }
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      run.records(4);

      // When
      shop.run(
          "BEGIN; %s INSERT INTO orders VALUES (1, 'TWICE', '2026-01-01'); COMMIT"
              .formatted(change));
      ConnectException stopped = assertThrows(ConnectException.class, () -> run.records(1));

      // Then
      String message = String.valueOf(stopped.getMessage());
      assertTrue(message.contains("orders.id.column"), message);
      assertTrue(message.contains("order 1 has several rows"), message);
    }
  }

  /**
   * The statements that a capture really executes read each row about once. Without the indexes of
   * all partitions, each of the 30 pages or chunks would read and sort all rows that are left.
   */
  @ParameterizedTest
  @ValueSource(strings = {"query", "log"})
  void orderIsReadAFewTimesHoweverManyPagesThereAre(String capture) {
    // Given
    Map<String, String> settings = prepare(capture);
    settings.put("batch.max.orders", "100");
    settings.put("snapshot.chunk.size", "100");
    shop.run(
        """
        INSERT INTO orders SELECT n, 'NEW', date '2025-01-01' + n % 700 FROM generate_series(10, 3009) n;
        INSERT INTO order_items SELECT id, 1, 'a', created_at FROM orders WHERE id >= 10
        """);
    shop.run("ANALYZE orders, order_items; SELECT pg_stat_reset()");
    int emitted = 0;

    // When
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (emitted < 3004 && System.nanoTime() < deadline) {
        emitted += run.poll().size();
      }
    }

    // Then
    assertEquals(3004, emitted);
    long read = rowsRead();
    assertTrue(read > 3000 && read < 10 * 6000, "read " + read + " rows and index entries");
  }

  @ParameterizedTest
  @ValueSource(strings = {"query", "log"})
  void foreignPartitionIsRefusedUntilItIsDetached(String capture) {
    // Given
    Map<String, String> settings = prepare(capture);
    shop.run(
        """
        CREATE FOREIGN DATA WRAPPER none;
        CREATE SERVER archive FOREIGN DATA WRAPPER none;
        CREATE TABLE order_items_2024 PARTITION OF order_items
          FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY RANGE (created_at);
        CREATE FOREIGN TABLE archived (order_id bigint NOT NULL, line_no int NOT NULL, sku text, created_at date NOT NULL) SERVER archive;
        ALTER TABLE order_items DROP CONSTRAINT order_items_pkey;
        ALTER TABLE order_items_2024 ATTACH PARTITION archived DEFAULT
        """);

    // When
    Map<String, List<String>> findings = Validation.findings(settings);

    // Then
    String message = String.valueOf(findings.get("items.table"));
    assertTrue(message.contains("public.archived is a foreign table"), findings.toString());
    int fix = message.indexOf("ALTER TABLE");
    shop.run(message.substring(fix, message.indexOf(';', fix)));
    assertTrue(!Validation.findings(settings).toString().contains("foreign"), findings.toString());
  }

  /** A plain CREATE INDEX on the root would block all writes of items until it is done. */
  @Test
  void indexOfPartitionedItemsIsCreatedConcurrentlyInEachPartition() {
    // Given
    shop.run(TABLES.replace("PRIMARY KEY (order_id, line_no, created_at)", "CHECK (true)"));
    Map<String, String> settings = shop.settings(Map.of("orders.id.column", "id"));

    // When
    String script = Validation.findings(settings).toString();
    Validation.runFixes(shop, settings);

    // Then
    assertTrue(!script.contains("CREATE INDEX \"orderflow_order_id"), script);
    assertEquals(
        2, script.split("CONCURRENTLY IF NOT EXISTS \"orderflow_order_id", -1).length - 1, script);
    assertEquals(Map.of(), Validation.findings(settings));
  }

  @Test
  void installationThatWasInterruptedContinues() {
    // Given
    shop.run(TABLES);
    Map<String, String> settings = shop.settings(Map.of("orders.id.column", "id"));
    String script =
        Validation.findings(settings).getOrDefault("change.xid.column", List.of()).get(0);
    List<String> statements = InstallSql.statements(script.substring(script.indexOf(":\n") + 2));
    int ofFirstLeaf =
        IntStream.range(0, statements.size())
            .filter(i -> statements.get(i).startsWith("CREATE INDEX CONCURRENTLY"))
            .findFirst()
            .orElseThrow();
    for (String statement : statements.subList(0, ofFirstLeaf + 1)) {
      shop.runScript(statement);
    }
    shop.run(
        "UPDATE pg_index SET indisvalid = false FROM pg_class WHERE oid = indexrelid AND relkind = 'i' AND relname LIKE 'orderflow_capture_%'");

    // When
    Map<String, List<String>> interrupted = Validation.findings(settings);
    Validation.runFixes(shop, settings);

    // Then
    assertTrue(interrupted.toString().contains("DROP INDEX CONCURRENTLY"), interrupted.toString());
    assertEquals(Map.of(), Validation.findings(settings));
    assertEquals(
        "t",
        shop.value(
            "SELECT bool_and(indisvalid) AND count(*) = 5 FROM pg_index JOIN pg_class ON oid = indexrelid WHERE relname LIKE 'orderflow_capture_%'"));
  }

  @Test
  void indexesByTheOrderIdAreCreatedForEachPartition() {
    // Given
    shop.run(
        """
        CREATE TABLE orders (created_at date, id bigint NOT NULL, status text) PARTITION BY RANGE (created_at);
        CREATE TABLE orders_2025 PARTITION OF orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
        CREATE TABLE orders_2026 PARTITION OF orders FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
        ALTER TABLE orders REPLICA IDENTITY FULL;
        ALTER TABLE orders_2025 REPLICA IDENTITY FULL;
        ALTER TABLE orders_2026 REPLICA IDENTITY FULL;
        """);
    Map<String, String> settings =
        shop.logSettings(Map.of("orders.id.column", "id", "items.table", ""));

    // When
    Map<String, List<String>> before = Validation.findings(settings);
    Validation.runFixes(shop, settings);

    // Then
    assertEquals(Set.of("orders.id.column"), before.keySet());
    assertEquals(Map.of(), Validation.findings(settings));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        CREATE TABLE orders (status text, id bigint NOT NULL, placed date NOT NULL, UNIQUE (placed, id)) PARTITION BY RANGE (placed);
        CREATE TABLE orders_2026 PARTITION OF orders FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY HASH (placed);
        CREATE TABLE orders_2026_0 PARTITION OF orders_2026 FOR VALUES WITH (MODULUS 1, REMAINDER 0)
        """,
        """
        CREATE TABLE orders (status text, id bigint NOT NULL, placed date NOT NULL, UNIQUE (id)) PARTITION BY HASH (id);
        CREATE TABLE orders_0 PARTITION OF orders FOR VALUES WITH (MODULUS 1, REMAINDER 0)
        """
      })
  void ordersWithAUniqueKeyInsteadOfAPrimaryKeyAreDeleted(String orders) {
    // Given
    shop.run(orders);
    shop.run(
        "CREATE TABLE order_items (order_id bigint, line_no int, PRIMARY KEY (order_id, line_no))");
    Map<String, String> settings = shop.logSettings(Map.of("orders.id.column", "id"));
    Validation.runFixes(shop, settings);
    List<Object> emitted = new ArrayList<>();
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      run.records(0);

      // When
      for (String sql :
          List.of(
              "INSERT INTO orders VALUES ('NEW', 1, '2026-02-01')",
              "DELETE FROM orders; INSERT INTO orders VALUES ('AGAIN', 1, '2026-02-01')",
              "DELETE FROM orders")) {
        shop.run(sql);
        Struct order = (Struct) run.records(1).get(0).value();
        emitted.add(order == null ? "deleted" : order.get("status"));
      }
    }

    // Then
    assertEquals(List.of("NEW", "AGAIN", "deleted"), emitted);
  }

  /** A connection reports what it has read after its end, a moment later. */
  private long rowsRead() {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    long before;
    long read = 0;
    do {
      before = read;
      shop.value("SELECT pg_sleep(0.3)");
      read = Long.parseLong(shop.value(ROWS_READ));
    } while ((read == 0 || read != before) && System.nanoTime() < end);
    return read;
  }

  private void assertEmitted(CaptureRun run, String sql, String... texts) {
    shop.run(sql);
    assertEquals(Set.of(texts), EventTexts.of(run.records(texts.length)), sql);
  }
}
