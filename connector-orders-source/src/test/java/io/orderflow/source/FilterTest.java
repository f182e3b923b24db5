package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {

  private final Shop shop = Shop.installed();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();

  @Test
  void onlyMatchingOrdersAreEmitted() {
    // Given
    shop.run(
        "INSERT INTO orders VALUES (1, 'NEW', 5), (2, 'DRAFT', 5), (3, NULLIF('A', 'B'), NULL)");
    try (CaptureRun run = filtered("orders.status <> 'DRAFT' AND total > 1")) {
      // When
      Set<Object> first = QueryCaptureTest.keys(run.records(1));
      shop.run("UPDATE orders SET total = 0 WHERE id = 1");
      List<SourceRecord> ceased = run.records(0);
      shop.run("UPDATE orders SET status = 'NEW' WHERE id = 2");
      Set<Object> began = QueryCaptureTest.keys(run.records(1));

      // Then
      assertEquals(Set.of(1L), first);
      assertEquals(List.of(), ceased);
      assertEquals(Set.of(2L), began);
    }
  }

  /** Two orders of each shard are read at once; the last could not be reached otherwise. */
  @Test
  void offsetAdvancesPastOrdersThatDoNotMatch() {
    // Given
    shop.run("INSERT INTO orders SELECT n, 'DRAFT', 1 FROM generate_series(1, 1000) n");
    shop.run("INSERT INTO orders SELECT n, 'NEW', 1 FROM generate_series(2001, 2020) n");
    Map<String, String> settings =
        shop.settings(Map.of("orders.where", "status = 'NEW'", "batch.max.orders", "8"));

    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      // When
      List<SourceRecord> records = run.records(20);

      // Then
      assertEquals(20, QueryCaptureTest.keys(records).size());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status = 'NEW'",
        "status IN ('A;', '--', 'it''s')",
        "(total > 1 OR status LIKE'N%') AND \"id\" % 2 = 0",
        "lower(status) = 'new' AND change_xid > '3'"
      })
  void conditionOnTheRowIsAccepted(String where) {
    // Given
    Map<String, String> settings = shop.settings(Map.of("orders.where", where));

    // When
    Map<String, List<String>> findings = Validation.findings(settings);

    // Then
    assertEquals(Map.of(), findings);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status = 'NEW'; DROP TABLE orders",
        "true) OR (true",
        "(true",
        "status = 'NEW",
        "status = 'NEW' -- all",
        "status /* the */ = 'NEW'",
        "status = $1",
        "status = ?",
        "status = E'\\''",
        "total",
        "no_such = 1",
        "status =",
        "id IN (SELECT order_id FROM order_items)",
        "random() < 0.5",
        "now() > '2026-01-01'",
        "count(*) > 1",
        "order_items.sku = 'A'"
      })
  void otherConditionIsRefusedOnItsKey(String where) {
    // Given
    Map<String, String> settings = shop.settings(Map.of("orders.where", where));

    // When
    Map<String, List<String>> findings = Validation.findings(settings);

    // Then
    assertEquals(List.of("orders.where"), List.copyOf(findings.keySet()), findings.toString());
    assertEquals("0", shop.value("SELECT count(*) FROM pg_class WHERE relpersistence = 't'"));
  }

  @Test
  void withoutSnapshotOnlyChangesAreEmittedThoseDuringAnOutageIncluded() {
    // Given
    shop.run("INSERT INTO orders SELECT n, 'OLD', 1 FROM generate_series(1, 20) n");
    Map<String, String> settings = shop.settings(Map.of("snapshot.mode", "no_data"));
    List<SourceRecord> atStart = new ArrayList<>();
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      atStart.addAll(run.poll());
    }
    try (CaptureRun again = new CaptureRun(settings, offsets)) {
      atStart.addAll(again.poll());
    }

    // When
    shop.run("UPDATE orders SET status = 'NEW' WHERE id <= 10");
    List<SourceRecord> records;
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      records = run.records(10);
    }

    // Then
    assertEquals(4, atStart.size());
    assertTrue(atStart.stream().allMatch(record -> record.topic().equals("orderflow-heartbeat")));
    assertEquals(10, QueryCaptureTest.keys(records).size());
    assertEquals("change", records.get(0).headers().lastWithName("orderflow.kind").value());
  }

  private CaptureRun filtered(String where) {
    return new CaptureRun(shop.settings(Map.of("orders.where", where)), offsets);
  }
}
