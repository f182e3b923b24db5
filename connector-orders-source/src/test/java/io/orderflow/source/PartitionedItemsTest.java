package io.orderflow.source;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionedItemsTest {

  private static final String TABLES =
      """
      CREATE TABLE orders (id bigint PRIMARY KEY, status text NOT NULL);
      CREATE TABLE order_items (
        order_id bigint NOT NULL, line_no integer NOT NULL, sku text, PRIMARY KEY (order_id, line_no)
      ) PARTITION BY RANGE (line_no);
      CREATE TABLE low PARTITION OF order_items FOR VALUES FROM (0) TO (10);
      CREATE TABLE middle PARTITION OF order_items FOR VALUES FROM (10) TO (20) PARTITION BY LIST (line_no);
      CREATE TABLE "Mid's" PARTITION OF middle DEFAULT;
      INSERT INTO orders VALUES (1, 'NEW'), (2, 'NEW')""";

  private static final String SPARE =
      """
      CREATE TABLE spare (LIKE order_items INCLUDING ALL);
      INSERT INTO spare VALUES (1, 20, 'A');
      ALTER TABLE order_items ATTACH PARTITION spare FOR VALUES FROM (20) TO (30)""";

  private static final String SLOTS =
      "SELECT count(*) FROM pg_replication_slots WHERE database = current_database()";

  private static final int MAX_POLLS = 500;

  private final Shop shop = Postgres.newShop();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();

  @BeforeEach
  void install() {
    shop.run(TABLES);
    shop.install(Map.of(), "id", OrderIdType.BIGINT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"low", "\"Mid's\"", "order_items", "added"})
  void changesAreCapturedWhicheverTableAStatementNames(String table) {
    // Given
    int line = table.equals("\"Mid's\"") ? 10 : table.equals("added") ? 20 : 1;
    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      run.records(2);
      shop.run("CREATE TABLE added PARTITION OF order_items FOR VALUES FROM (20) TO (30)");

      for (String change :
          List.of(
              "INSERT INTO %1$s VALUES (1, %2$d, 'A'), (2, %2$d, 'A')",
              "UPDATE %1$s SET sku = 'B'",
              "UPDATE %1$s SET order_id = 3 - order_id, line_no = line_no + 1",
              "UPDATE order_items SET line_no = 19 - line_no WHERE line_no < 20",
              "DELETE FROM order_items")) {
        // When
        shop.run(change.formatted(table, line));

        // Then
        if (!change.contains("19 -") || line < 20) {
          assertEquals(Set.of(1L, 2L), QueryCaptureTest.keys(run.records(2)), change);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"low", "\"Mid's\"", "middle", "order_items"})
  void truncateOfAnyPartitionIsANewVersionOfItsOrders(String table) {
    // Given
    shop.run("INSERT INTO order_items VALUES (1, 1, 'A'), (2, 1, 'A'), (2, 10, 'A')");
    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      run.records(2);

      // When
      shop.run("TRUNCATE " + table);

      // Then
      boolean of1 = table.equals("low") || table.equals("order_items");
      assertEquals(
          of1 ? Set.of(1L, 2L) : Set.of(2L), QueryCaptureTest.keys(run.records(of1 ? 2 : 1)));
    }
  }

  @Test
  void itemsTableMayBeAPartition() {
    // Given
    Map<String, String> settings = Map.of("items.table", "low");
    shop.install(settings, "id", OrderIdType.BIGINT);
    try (CaptureRun run = new CaptureRun(shop.settings(settings), offsets)) {
      run.records(2);

      // When
      shop.run("INSERT INTO order_items VALUES (1, 1, 'A')");

      // Then
      assertEquals(1, run.onlyValue().getArray("items").size());
      assertEquals(Map.of(), Validation.findings(shop.settings(settings)));
    }
  }

  @Test
  void partitionWithRowsThatIsAttachedStopsCaptureUntilTheyAreRecorded() {
    // Given
    Map<String, String> settings = shop.settings(Map.of());
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      run.records(2);
    }
    shop.run(SPARE);
    String message = stoppedWith(settings);
    Map<String, List<String>> findings = Validation.findings(settings);

    // When
    shop.runScript(Validation.fix(message).orElseThrow());

    // Then
    assertTrue(findings.toString().contains("was attached"), findings.toString());
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      assertEquals(1, run.onlyValue().getArray("items").size());
    }
    assertEquals(Map.of(), Validation.findings(settings));
  }

  @Test
  void partitionThatQueryCaptureHasNotSeenStopsAHandoverToLogUntilItsRowsAreRecorded() {
    // Given
    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      run.records(2);
    }
    Map<String, String> settings = shop.logSettings(Map.of());
    shop.run(SPARE);
    String message = stoppedWith(settings);

    // When
    Validation.fix(message).ifPresent(shop::runScript);

    // Then
    assertTrue(message.contains("spare was attached"), message);
    assertEquals("0", shop.value(SLOTS));
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      assertEquals(1, nextOrder(run).getArray("items").size());
    }
  }

  /** The check before the creation of the slot does not see it, and the one after it does. */
  @Test
  void slotIsDroppedIfAPartitionIsAttachedWhileItIsCreated() throws SQLException {
    // Given
    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      run.records(2);
    }
    try (Connection writing = shop.connect()) {
      writing.setAutoCommit(false);
      try (Statement statement = writing.createStatement()) {
        statement.execute("UPDATE orders SET status = 'PAID' WHERE id = 2");
      }

      // When
      CompletableFuture<String> stopped =
          CompletableFuture.supplyAsync(() -> stoppedWith(shop.logSettings(Map.of())));
      await().until(() -> shop.value(SLOTS).equals("1"));
      shop.run(SPARE);
      writing.commit();

      // Then
      String message = stopped.join();
      assertTrue(message.contains("spare was attached"), message);
      assertEquals("0", shop.value(SLOTS));
    }
  }

  @Test
  void partitionThatLogCaptureHasNotSeenStopsAHandoverToQueryUntilItHas() {
    // Given
    shop.runScript(shop.installSql(Map.of(), "id", OrderIdType.BIGINT).uninstall());
    Map<String, String> settings = shop.logSettings(Map.of());
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      run.records(2);
    }
    shop.run(SPARE);
    shop.install(Map.of(), "id", OrderIdType.BIGINT);
    Map<String, String> querying = new HashMap<>(settings);
    querying.put("capture", "query");
    String message = stoppedWith(querying);

    // When
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      assertEquals(1, run.onlyValue().getArray("items").size());
    }

    // Then
    assertTrue(message.contains("Set capture=log again"), message);
    assertTrue(message.contains("public.spare"), message);
    shop.run("UPDATE spare SET sku = 'B'");
    try (CaptureRun run = new CaptureRun(querying, offsets)) {
      assertEquals("B", ((Struct) nextOrder(run).getArray("items").get(0)).get("sku"));
    }
  }

  @Test
  void scriptRecordsTheRowsOfAnAttachedPartition() {
    // Given
    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      run.records(2);
      shop.run(SPARE);

      // When
      shop.install(Map.of(), "id", OrderIdType.BIGINT);
      List<SourceRecord> records = run.records(1);
      shop.run("TRUNCATE spare");

      // Then
      assertEquals(Set.of(1L), QueryCaptureTest.keys(records));
      assertEquals(0, run.onlyValue().getArray("items").size());
      assertEquals(Map.of(), Validation.findings(shop.settings(Map.of())));
    }
  }

  @Test
  void partitionThatIsAttachedWithoutRowsIsCaptured() {
    // Given
    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      run.records(2);

      // When
      shop.run(SPARE.replaceFirst("INSERT.*", "") + "; INSERT INTO spare VALUES (2, 20, 'A')");
      List<SourceRecord> records = run.records(1);

      // Then
      assertEquals(Set.of(2L), QueryCaptureTest.keys(records));
      Map<String, List<String>> findings = Validation.findings(shop.settings(Map.of()));
      assertTrue(findings.toString().contains("truncate"), findings.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP TABLE low",
        "ALTER TABLE order_items DETACH PARTITION low",
        "ALTER TABLE order_items DETACH PARTITION middle"
      })
  void partitionThatIsRemovedStopsCaptureUntilTheScriptIsRunAgain(String removal) {
    // Given
    Map<String, String> settings = shop.settings(Map.of());
    shop.run("INSERT INTO order_items VALUES (1, 1, 'A'), (2, 10, 'A')");
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      run.records(2);
    }
    shop.run(removal);
    Map<String, List<String>> findings = Validation.findings(settings);
    String message = stoppedWith(settings);

    // When
    shop.runScript(Validation.fix(message).orElseThrow());

    // Then
    assertTrue(message.contains("detached"), message);
    assertEquals(List.of("items.table"), List.copyOf(findings.keySet()), findings.toString());
    assertEquals(Map.of(), Validation.findings(settings));
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      assertEquals(List.of(), run.records(0));
    }
    shop.run("CREATE TABLE IF NOT EXISTS low (order_id bigint, line_no int); TRUNCATE low");
  }

  @Test
  void removalOfAPartitionCanBeIgnored() {
    // Given
    Map<String, String> settings = shop.settings(Map.of("partition.removal.mode", "ignore"));
    shop.run("INSERT INTO order_items VALUES (1, 1, 'A')");
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      run.records(2);
    }

    // When
    shop.run("DROP TABLE low; UPDATE orders SET status = 'PAID' WHERE id = 2");

    // Then
    assertEquals(Map.of(), Validation.findings(settings));
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      assertEquals(Set.of(2L), QueryCaptureTest.keys(run.records(1)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP TRIGGER {items_truncate} ON low",
        "ALTER TABLE \"Mid's\" DISABLE TRIGGER {items_row}",
        "ALTER TABLE low ENABLE TRIGGER {items_row}"
      })
  void triggerOfAPartitionThatDoesNotFireIsFound(String fault) {
    // Given
    shop.run(shop.withNames(fault));

    // When
    Map<String, List<String>> findings = Validation.findings(shop.settings(Map.of()));
    shop.install(Map.of(), "id", OrderIdType.BIGINT);

    // Then
    assertEquals(List.of("items.table"), List.copyOf(findings.keySet()), findings.toString());
    assertEquals(Map.of(), Validation.findings(shop.settings(Map.of())));
  }

  private String stoppedWith(Map<String, String> settings) {
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      return String.valueOf(
          assertThrows(ConnectException.class, () -> run.records(1)).getMessage());
    }
  }

  /** Of a capture that also emits where it starts. */
  private static Struct nextOrder(CaptureRun run) {
    for (int i = 0; i < MAX_POLLS; i++) {
      for (SourceRecord record : run.poll()) {
        if (record.topic().equals("orders")) {
          return (Struct) record.value();
        }
      }
    }
    throw new AssertionError("no order was emitted");
  }
}
