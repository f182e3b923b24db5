package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Log capture of partitioned tables. */
class PartitionsTest {

  /** Orders by ranges of IDs; items by day, of which days 3 and 4 are at a second level. */
  private static final String TABLES =
      """
      CREATE TABLE orders (id bigint PRIMARY KEY, status text NOT NULL) PARTITION BY RANGE (id);
      CREATE TABLE orders_0 PARTITION OF orders FOR VALUES FROM (0) TO (100);
      CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM (100) TO (200);
      CREATE TABLE order_items (order_id bigint NOT NULL, id bigint NOT NULL, day int NOT NULL,
        sku text NOT NULL, quantity int NOT NULL, PRIMARY KEY (%s)) PARTITION BY LIST (day);
      CREATE UNIQUE INDEX items_identity ON order_items (order_id, id, day);
      CREATE TABLE items_1 PARTITION OF order_items FOR VALUES IN (1);
      CREATE TABLE items_2 PARTITION OF order_items FOR VALUES IN (2);
      CREATE TABLE items_34 PARTITION OF order_items FOR VALUES IN (3, 4) PARTITION BY LIST (day);
      CREATE TABLE items_3 PARTITION OF items_34 FOR VALUES IN (3)
      """;

  private static final String WITH_ORDER_ID = "order_id, id, day";
  private static final String OTHER_KEY = "id, day";

  /** Each waits for up to half a second. On a busy machine, a chunk takes many polls. */
  private static final int MAX_POLLS = 2_000;

  private static final Duration MAX_WAIT = Duration.ofSeconds(30);

  private final Shop shop = Postgres.newShop();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();

  @AfterEach
  void dropSlots() {
    shop.dropSlots();
  }

  static Stream<Arguments> identities() {
    List<String> identities = List.of("DEFAULT", "FULL", "NOTHING", "USING INDEX %s");
    return Stream.of(WITH_ORDER_ID, OTHER_KEY)
        .flatMap(
            key ->
                identities.stream()
                    .flatMap(
                        root -> identities.stream().map(leaf -> Arguments.of(key, root, leaf))));
  }

  @ParameterizedTest
  @MethodSource("identities")
  void itemsOfEachPartitionAreCapturedWithAnyReplicaIdentities(
      String key, String root, String leaf) {
    // Given
    shop.run(TABLES.formatted(key));
    shop.run("ALTER TABLE order_items REPLICA IDENTITY " + root.formatted("items_identity"));
    shop.run("ALTER TABLE items_1 REPLICA IDENTITY " + indexed(leaf, "items_1"));
    shop.run("ALTER TABLE items_3 REPLICA IDENTITY " + indexed(leaf, "items_3"));

    // When
    Validation.findings(shop.logSettings(Map.of())).values().stream()
        .flatMap(List::stream)
        .forEach(this::runFix);
    Map<String, List<String>> findings = Validation.findings(shop.logSettings(Map.of()));

    // Then
    assertEquals(Map.of(), findings);
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      run.records(0);
      assertEquals(List.of("7 NEW"), captured(run, "INSERT INTO orders VALUES (7, 'NEW')"));
      assertEquals(
          List.of("7 NEW a:1 b:2 c:3"),
          captured(
              run,
              "INSERT INTO order_items VALUES (7, 1, 1, 'a', 1), (7, 2, 2, 'b', 2), (7, 3, 3, 'c', 3)"));
      assertEquals(
          List.of("7 NEW a:11 b:2 c:13"),
          captured(run, "UPDATE order_items SET quantity = quantity + 10 WHERE day <> 2"));
      assertEquals(
          List.of("7 NEW b:2 c:13"), captured(run, "DELETE FROM order_items WHERE day = 1"));
      assertEquals(
          List.of("7 NEW b:2 c:13"), captured(run, "UPDATE order_items SET day = 1 WHERE day = 3"));
      assertEquals(
          List.of("7 NEW b:2"), captured(run, "UPDATE order_items SET order_id = 8 WHERE id = 3"));
    }
  }

  private String indexed(String identity, String partition) {
    return identity.formatted(
        shop.value(
            "SELECT indexrelid::regclass FROM pg_index WHERE indrelid = '%s'::regclass AND NOT indisprimary"
                .formatted(partition)));
  }

  private void runFix(String message) {
    message.substring(message.indexOf(":\n") + 2).lines().forEach(shop::run);
  }

  /** Runs statements, and returns the events up to those of a change afterwards. */
  private List<String> captured(CaptureRun run, String sql) {
    shop.run(sql);
    shop.run("INSERT INTO orders VALUES (99, 'MARK')");
    shop.run("DELETE FROM orders WHERE id = 99");
    return untilMark(run);
  }

  private static List<String> untilMark(CaptureRun run) {
    List<String> texts = new ArrayList<>();
    long end = System.nanoTime() + MAX_WAIT.toNanos();
    while (!texts.contains("99") && System.nanoTime() < end) {
      run.poll().forEach(record -> texts.add(text(record)));
    }
    assertTrue(texts.contains("99"), texts.toString());
    return texts.stream().filter(text -> !text.startsWith("99")).toList();
  }

  private static String text(SourceRecord record) {
    if (!(record.value() instanceof Struct order)) {
      return String.valueOf(record.key());
    }
    return order.<Struct>getArray("items").stream()
        .map(item -> " " + item.get("sku") + ":" + item.get("quantity"))
        .sorted()
        .collect(Collectors.joining("", record.key() + " " + order.get("status"), ""));
  }

  @Test
  void rowsOfANewPartitionAreCapturedAtOnceEvenFromTheTransactionThatCreatesIt() {
    // Given
    shop.run(TABLES.formatted(WITH_ORDER_ID));
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      run.records(0);

      // When
      List<String> created =
          captured(
              run,
              """
              CREATE TABLE orders_2 PARTITION OF orders FOR VALUES FROM (200) TO (300);
              CREATE TABLE items_4 PARTITION OF items_34 FOR VALUES IN (4);
              INSERT INTO orders VALUES (201, 'NEW');
              INSERT INTO order_items VALUES (201, 1, 4, 'a', 1)
              """);
      List<String> later = captured(run, "DELETE FROM order_items WHERE day = 4");

      // Then
      assertEquals(List.of("201 NEW a:1"), created);
      assertEquals(List.of("201 NEW"), later);
    }
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      // A partition that never had other rows is no reason to emit its orders again.
      assertEquals(List.of(), captured(run, "SELECT 1"));
    }
  }

  @Test
  void newPartitionWhoseIdentityLacksTheOrderIdStopsCaptureBeforeADeleteIsLost() {
    // Given
    shop.run(TABLES.formatted(OTHER_KEY));
    Validation.findings(shop.logSettings(Map.of())).values().stream()
        .flatMap(List::stream)
        .forEach(this::runFix);
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      run.records(0);
      captured(run, "INSERT INTO orders VALUES (7, 'NEW')");

      // When
      shop.run("CREATE TABLE items_4 PARTITION OF items_34 FOR VALUES IN (4)");
      shop.run("INSERT INTO order_items VALUES (7, 1, 4, 'a', 1)");
      shop.run("DELETE FROM order_items WHERE day = 4");

      // Then
      ConnectException stopped = assertThrows(ConnectException.class, () -> untilMark(run));
      assertTrue(String.valueOf(stopped.getMessage()).contains("order ID"), stopped.toString());
    }
    ConnectException stopped = stopped();
    assertTrue(String.valueOf(stopped.getMessage()).contains("items_4"), stopped.toString());
  }

  /** The failure of a task that starts. */
  private ConnectException stopped() {
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      return assertThrows(ConnectException.class, run::poll);
    }
  }

  @ParameterizedTest
  @CsvSource({"items_1", "items_34", "orders_1"})
  void truncatedPartitionStopsCapture(String partition) {
    // Given
    shop.run(TABLES.formatted(WITH_ORDER_ID));
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      run.records(0);

      // When
      shop.run("TRUNCATE " + partition);

      // Then
      ConnectException stopped = assertThrows(ConnectException.class, () -> untilMark(run));
      assertTrue(String.valueOf(stopped.getMessage()).contains("TRUNCATE"), stopped.toString());
    }
  }

  static Stream<Arguments> attached() {
    return Stream.of(
        Arguments.of(
            "orders that existed in another table",
            """
            CREATE TABLE old (LIKE orders INCLUDING ALL);
            INSERT INTO old SELECT n, 'OLD' FROM generate_series(300, 302) n;
            ALTER TABLE orders ATTACH PARTITION old FOR VALUES FROM (300) TO (400)
            """,
            List.of("300 OLD", "301 OLD", "302 OLD")),
        Arguments.of(
            "items that existed in another table",
            """
            CREATE TABLE old (LIKE order_items INCLUDING ALL);
            INSERT INTO old VALUES (7, 5, 5, 'e', 5);
            ALTER TABLE order_items ATTACH PARTITION old FOR VALUES IN (5)
            """,
            List.of("7 NEW a:1 e:5")),
        Arguments.of(
            "a table with partitions of its own",
            """
            CREATE TABLE old (LIKE order_items INCLUDING ALL) PARTITION BY LIST (day);
            CREATE TABLE older PARTITION OF old FOR VALUES IN (6);
            INSERT INTO old VALUES (8, 5, 6, 'e', 5);
            ALTER TABLE order_items ATTACH PARTITION old FOR VALUES IN (5, 6)
            """,
            List.of("8 NEW e:5")),
        Arguments.of(
            "items that remain attached, since they could not be detached",
            """
            BEGIN;
            CREATE TABLE old (LIKE order_items INCLUDING ALL);
            INSERT INTO old VALUES (7, 5, 5, 'e', 5);
            ALTER TABLE order_items ATTACH PARTITION old FOR VALUES IN (5);
            COMMIT;
            BEGIN;
            ALTER TABLE order_items DETACH PARTITION old;
            ROLLBACK
            """,
            List.of("7 NEW a:1 e:5")),
        Arguments.of(
            "an empty table",
            """
            CREATE TABLE old (LIKE orders INCLUDING ALL);
            ALTER TABLE orders ATTACH PARTITION old FOR VALUES FROM (300) TO (400)
            """,
            List.of()),
        Arguments.of(
            "orders that a partition manager moves out of the default partition",
            """
            CREATE TABLE orders_rest PARTITION OF orders DEFAULT;
            INSERT INTO orders VALUES (500, 'NEW');
            CREATE TABLE moved (LIKE orders INCLUDING ALL);
            WITH gone AS (DELETE FROM orders WHERE id = 500 RETURNING *) INSERT INTO moved SELECT * FROM gone;
            ALTER TABLE orders ATTACH PARTITION moved FOR VALUES FROM (500) TO (600)
            """,
            List.of("500", "500 NEW")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attached")
  void ordersOfAnAttachedPartitionAreEmitted(String name, String sql, List<String> expected) {
    // Given
    shop.run(TABLES.formatted(WITH_ORDER_ID));
    shop.run("INSERT INTO orders VALUES (7, 'NEW'), (8, 'NEW'), (9, 'NEW')");
    shop.run("INSERT INTO order_items VALUES (7, 1, 1, 'a', 1)");
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      run.records(3);
    }

    // When
    shop.run(sql);
    List<String> emitted = new ArrayList<>();
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      for (int i = 0; i < MAX_POLLS && emitted.size() < expected.size(); i++) {
        run.poll().forEach(record -> emitted.add(text(record)));
      }
      emitted.addAll(captured(run, "UPDATE orders SET status = 'PAID' WHERE id = 9"));
    }

    // Then
    assertEquals(Stream.concat(expected.stream(), Stream.of("9 PAID")).toList(), emitted);
  }

  @Test
  void partitionThatIsAttachedWhileCaptureRunsIsFoundWithoutARestart() {
    // Given
    shop.run(TABLES.formatted(WITH_ORDER_ID));
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      run.records(0);

      // When
      shop.run(
          """
          CREATE TABLE old (LIKE orders INCLUDING ALL); INSERT INTO old VALUES (300, 'OLD');
          ALTER TABLE orders ATTACH PARTITION old FOR VALUES FROM (300) TO (400)
          """);

      // Then
      assertEquals(
          List.of("300 OLD"),
          run.recordsUntil("300 OLD").stream().map(PartitionsTest::text).toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ignore", "stop"})
  void partitionThatIsDetachedAndAttachedAgainWhileCaptureRunsIsNoticed(String mode) {
    // Given
    shop.run(TABLES.formatted(WITH_ORDER_ID));
    shop.run("INSERT INTO orders VALUES (107, 'NEW')");
    Map<String, String> settings = shop.logSettings(Map.of("partition.removal.mode", mode));
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      run.records(1);

      // When
      shop.run("ALTER TABLE orders DETACH PARTITION orders_1");
      shop.run("UPDATE orders_1 SET status = 'PAID'");
      shop.run("ALTER TABLE orders ATTACH PARTITION orders_1 FOR VALUES FROM (100) TO (200)");

      // Then
      if (mode.equals("ignore")) {
        assertEquals(
            List.of("107 PAID"),
            run.recordsUntil("107 PAID").stream().map(PartitionsTest::text).toList());
      } else {
        ConnectException stopped =
            assertThrows(ConnectException.class, () -> run.recordsUntil("107 PAID"));
        assertTrue(String.valueOf(stopped.getMessage()).contains("detached"), stopped.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE orders DETACH PARTITION orders_0",
        "DROP TABLE orders_0",
        "DROP TABLE items_1",
        "ALTER TABLE order_items DETACH PARTITION items_34",
        "ALTER TABLE orders DETACH PARTITION orders_0; DELETE FROM orders_0; ALTER TABLE orders ATTACH PARTITION orders_0 FOR VALUES FROM (0) TO (100)",
        "ALTER TABLE order_items DETACH PARTITION items_34; TRUNCATE items_34; ALTER TABLE order_items ATTACH PARTITION items_34 FOR VALUES IN (3, 4)"
      })
  void removedPartitionStopsCaptureUntilItIsAccepted(String removal) {
    // Given
    shop.run(TABLES.formatted(WITH_ORDER_ID));
    shop.run("INSERT INTO orders VALUES (7, 'NEW'), (107, 'NEW')");
    shop.run("INSERT INTO order_items VALUES (107, 1, 1, 'a', 1), (107, 1, 2, 'b', 1)");
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      run.records(2);
    }

    // When
    shop.run(removal);
    ConnectException stopped = stopped();
    shop.run("UPDATE orders SET status = 'PAID' WHERE id = 107");
    Map<String, String> ignoring = shop.logSettings(Map.of("partition.removal.mode", "ignore"));
    List<String> ignored = new ArrayList<>();
    try (CaptureRun run = new CaptureRun(ignoring, new HashMap<>(offsets))) {
      run.recordsUntil("107 PAID").forEach(record -> ignored.add(text(record)));
    }
    offsets.replaceAll((partition, offset) -> without(offset, "partitions"));
    List<String> accepted = new ArrayList<>();
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      run.recordsUntil("107 PAID").forEach(record -> accepted.add(text(record)));
    }

    // Then
    String message = String.valueOf(stopped.getMessage());
    assertTrue(message.contains("detached or dropped"), message);
    assertTrue(message.contains("partition.removal.mode=ignore"), message);
    assertTrue(
        message.contains(
            removal.startsWith("DROP")
                ? "OID"
                : removal.contains("orders_0") ? "public.orders_0" : "public.items_3"),
        message);
    String expected = "107 PAID" + (removal.contains("items_1") ? "" : " a:1") + " b:1";
    assertEquals(List.of(expected), ignored);
    assertEquals(List.of(expected), accepted);
  }

  private static Map<String, ?> without(Map<String, ?> offset, String field) {
    Map<String, Object> without = new HashMap<>(offset);
    without.remove(field);
    return without;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP TABLE items_1",
        "ALTER TABLE order_items DETACH PARTITION items_1",
        "ALTER TABLE order_items DETACH PARTITION items_1; DELETE FROM items_1; ALTER TABLE order_items ATTACH PARTITION items_1 FOR VALUES IN (1)",
        "DROP TABLE items_3",
        "ALTER TABLE items_34 DETACH PARTITION items_3",
        "ALTER TABLE items_34 DETACH PARTITION items_3; DELETE FROM items_3; ALTER TABLE items_34 ATTACH PARTITION items_3 FOR VALUES IN (3)",
      })
  void cachedItemsOfARemovedPartitionAreNotEmitted(String removal) {
    // Given
    shop.run(TABLES.formatted(WITH_ORDER_ID));
    Map<String, String> settings = shop.logSettings(Map.of("partition.removal.mode", "ignore"));
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      run.records(0);
      captured(
          run,
          "INSERT INTO orders VALUES (7, 'NEW'); INSERT INTO order_items VALUES (7, 1, 1, 'a', 1), (7, 2, 2, 'b', 1), (7, 3, 3, 'c', 1)");

      // When
      shop.run(removal);
      List<String> emitted = captured(run, "UPDATE orders SET status = 'PAID' WHERE id = 7");

      // Then
      assertEquals(
          List.of("7 PAID" + (removal.contains("items_1") ? " b:1 c:1" : " a:1 b:1")), emitted);
    }
  }

  @Test
  void attachedPartitionIsEmittedEvenIfTheInitialSnapshotHasPassedIt() {
    // Given
    shop.run(TABLES.formatted(WITH_ORDER_ID));
    shop.run("INSERT INTO orders SELECT n, 'NEW' FROM generate_series(100, 199) n");
    Map<String, String> settings =
        shop.logSettings(Map.of("snapshot.chunk.size", "10", "snapshot.max.threads", "1"));
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      List<SourceRecord> first = new ArrayList<>();
      while (first.isEmpty()) {
        first.addAll(run.poll());
      }
      assertTrue(first.size() < 100);
    }

    // When
    shop.run(
        """
        DROP TABLE orders_0; CREATE TABLE early (LIKE orders INCLUDING ALL); INSERT INTO early VALUES (1, 'OLD');
        ALTER TABLE orders ATTACH PARTITION early FOR VALUES FROM (0) TO (100)
        """);
    Map<Object, String> last = new HashMap<>();
    settings.put("partition.removal.mode", "ignore");
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      for (int i = 0; i < MAX_POLLS && last.size() < 101; i++) {
        run.poll().forEach(record -> last.put(record.key(), text(record)));
      }
    }

    // Then
    assertEquals("1 OLD", last.get(1L));
    assertEquals(101, last.size());
  }

  @Test
  void partitionThatTheLogDoesNotContainIsRefused() {
    // Given
    shop.run(TABLES.formatted(WITH_ORDER_ID));
    shop.run("ALTER TABLE items_3 SET UNLOGGED");

    // When
    Map<String, List<String>> findings = Validation.findings(shop.logSettings(Map.of()));
    String message = findings.toString();
    shop.run(message.substring(message.indexOf("ALTER TABLE"), message.indexOf(';')));

    // Then
    assertEquals(List.of("items.table"), List.copyOf(findings.keySet()));
    assertEquals(Map.of(), Validation.findings(shop.logSettings(Map.of())));
  }
}
