package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Shop;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueryCaptureTest {

  private final Shop shop = Shop.installed();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
  private CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets);

  @AfterEach
  void stop() {
    run.close();
  }

  @Test
  void orderHasAllOfItsItemsInTheirOrder() {
    // Given
    shop.run(
        """
        INSERT INTO orders VALUES (7, 'PAID', 12.50);
        INSERT INTO order_items VALUES (7, 2, 'B', 20), (7, 1, 'A', 10)
        """);

    // When
    SourceRecord record = run.records(1).get(0);

    // Then
    Struct order = (Struct) record.value();
    List<Struct> items = order.getArray("items");
    assertEquals(7L, record.key());
    assertEquals("orders", record.topic());
    assertEquals(new java.math.BigDecimal("12.50"), order.get("total"));
    assertEquals(List.of("A", "B"), items.stream().map(item -> item.get("sku")).toList());
    assertEquals(List.of(10, 20), items.stream().map(item -> item.get("quantity")).toList());
    assertEquals(
        List.of("id", "status", "total", "version", "items"),
        order.schema().fields().stream().map(field -> field.name()).toList());
  }

  /** As by the uninstallation of another capture with the same tables, which shares them. */
  @Test
  void captureStopsWithinSecondsIfATriggerIsRemoved() {
    // Given
    run.records(0);

    // When
    shop.run(shop.withNames("DROP TRIGGER {items_insert} ON order_items"));

    // Then
    ConnectException failure = assertThrows(ConnectException.class, () -> run.records(1));
    assertTrue(String.valueOf(failure.getMessage()).contains("do not exist, so changes are lost"));
  }

  /** To a snapshot that is older than a rewrite, the rewritten table looks empty. */
  @Test
  void ordersKeepTheirItemsIfTheTableIsRewrittenBeforeTheFirstRead() throws SQLException {
    try (Connection change = shop.connect();
        Statement statement = change.createStatement()) {
      // Given
      shop.run(
          "INSERT INTO orders VALUES (7, 'PAID', 1); INSERT INTO order_items VALUES (7, 1, 'A',"
              + " 10)");
      change.setAutoCommit(false);
      statement.execute("ALTER TABLE order_items ALTER COLUMN quantity TYPE bigint");

      // When
      CompletableFuture<List<SourceRecord>> captured =
          CompletableFuture.supplyAsync(() -> run.records(1));
      while (shop.value("SELECT count(*) FROM pg_locks WHERE NOT granted").equals("0")) {
        Thread.onSpinWait();
      }
      change.commit();

      // Then
      Struct order = (Struct) captured.join().get(0).value();
      assertEquals(1, order.getArray("items").size());
    }
  }

  @Test
  void transactionThatCommitsLateIsNotLost() throws SQLException {
    try (Connection early = shop.connect();
        Statement statement = early.createStatement()) {
      // Given
      early.setAutoCommit(false);
      statement.execute("INSERT INTO orders VALUES (1, 'EARLY', 1)");
      shop.run("INSERT INTO orders VALUES (2, 'LATE', 1)");

      // When
      List<SourceRecord> before = run.records(0);
      early.commit();
      List<SourceRecord> after = run.records(2);

      // Then
      assertEquals(List.of(), before);
      assertEquals(Set.of(1L, 2L), keys(after));
    }
  }

  @Test
  void changedItemsAreANewVersionOfTheirOrder() {
    // Given
    shop.run(
        """
        INSERT INTO orders SELECT n, 'NEW', 1 FROM generate_series(1, 5) n;
        INSERT INTO order_items SELECT n, 1, 'A', 1 FROM generate_series(1, 4) n
        """);
    run.records(5);

    // When
    shop.run("UPDATE order_items SET quantity = 2 WHERE order_id = 1");
    shop.run("INSERT INTO order_items VALUES (5, 1, 'B', 1)");
    shop.run("DELETE FROM order_items WHERE order_id = 2");
    shop.run("UPDATE order_items SET order_id = 4, line_no = 2 WHERE order_id = 3");

    // Then
    assertEquals(Set.of(1L, 2L, 3L, 4L, 5L), keys(run.records(5)));
  }

  @Test
  void captureResumesExactlyAfterTheStoredOffset() {
    // Given
    shop.run("INSERT INTO orders SELECT n, 'NEW', 1 FROM generate_series(1, 100) n");
    Map<String, String> small = shop.settings(Map.of("batch.max.orders", "8"));
    run.close();
    Set<Object> first;
    try (CaptureRun half = new CaptureRun(small, offsets)) {
      first = keys(half.poll());
    }

    // When
    run = new CaptureRun(small, offsets);
    Set<Object> second = keys(run.records(100 - first.size()));

    // Then
    assertEquals(8, first.size());
    assertTrue(second.stream().noneMatch(first::contains));
  }

  static Set<Object> keys(List<SourceRecord> records) {
    return records.stream().map(SourceRecord::key).collect(Collectors.toSet());
  }
}
