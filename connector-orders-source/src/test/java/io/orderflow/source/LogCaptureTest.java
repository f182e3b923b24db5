package io.orderflow.source;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.TableName;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.offset.LogOffset;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogCaptureTest {

  private final Shop shop = Shop.withTables();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
  private final Map<String, String> settings = shop.logSettings(Map.of());
  private CaptureRun run = new CaptureRun(settings, offsets);

  @AfterEach
  void stop() {
    run.close();
    shop.dropSlots();
  }

  @Test
  void initialSnapshotEmitsEachOrderOnceWithItsItems() {
    // Given
    shop.run(
        """
        INSERT INTO orders SELECT n, 'NEW', n FROM generate_series(1, 100) n;
        INSERT INTO order_items SELECT n, line, 'SKU-' || line, n FROM generate_series(1, 100) n, generate_series(1, 3) line
        """);

    // When
    List<SourceRecord> snapshot = run.records(100);

    // Then
    assertEquals(
        IntStream.rangeClosed(1, 100).mapToObj(n -> (Object) (long) n).toList(),
        snapshot.stream().map(SourceRecord::key).toList());
    assertTrue(
        snapshot.stream()
            .allMatch(record -> ((Struct) record.value()).getArray("items").size() == 3));
    assertTrue(snapshot.stream().allMatch(record -> kind(record).equals("snapshot")));
  }

  @Test
  void stopEndsTheCreationOfASlotThatWaitsForALongTransaction() throws SQLException {
    try (Connection writing = shop.connect()) {
      // Given
      writing.setAutoCommit(false);
      writing.createStatement().execute("INSERT INTO orders VALUES (7, 'NEW', 1)");
      assertEquals(List.of(), run.poll());

      // When
      run.close();

      // Then
      await()
          .untilAsserted(
              () ->
                  assertEquals(
                      "0",
                      shop.value(
                          "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'orderflow%'")));
      writing.commit();
    }
    run = new CaptureRun(settings, offsets);
    assertEquals("7 NEW", text(run.records(1).get(0)));
  }

  @Test
  void eachTransactionBecomesOneEventPerOrder() {
    // Given
    run.records(0);

    // When
    shop.run(
        """
        BEGIN; INSERT INTO orders VALUES (7, 'NEW', 12.50), (8, 'NEW', 1);
        INSERT INTO order_items VALUES (7, 2, 'B', 20), (7, 1, 'A', 10), (8, 1, 'C', 1);
        UPDATE orders SET status = 'PAID' WHERE id = 7; COMMIT
        """);
    shop.run("UPDATE orders SET status = 'SHIPPED' WHERE id = 7");
    shop.run("UPDATE order_items SET quantity = 11 WHERE order_id = 7 AND line_no = 1");
    shop.run("DELETE FROM order_items WHERE order_id = 7 AND line_no = 2");
    shop.run("INSERT INTO order_items VALUES (7, 3, 'D', 4)");
    List<SourceRecord> records = run.records(6);

    // Then
    assertEquals(
        List.of(
            "7 PAID A:10 B:20",
            "8 NEW C:1",
            "7 SHIPPED A:10 B:20",
            "7 SHIPPED A:11 B:20",
            "7 SHIPPED A:11",
            "7 SHIPPED A:11 D:4"),
        records.stream().map(LogCaptureTest::text).toList());
    assertEquals(List.of("change"), records.stream().map(LogCaptureTest::kind).distinct().toList());
    assertEquals(5, new HashSet<>(versions(records)).size());
  }

  @Test
  void orderThatIsNotCachedIsLookedUpWithItsItems() {
    // Given
    shop.run(
        """
        INSERT INTO orders VALUES (7, 'NEW', 1), (8, 'NEW', 1);
        INSERT INTO order_items VALUES (7, 1, 'A', 10), (8, 1, 'B', 20)
        """);
    run.records(2);

    // When
    shop.run("UPDATE orders SET status = 'PAID' WHERE id = 7");
    shop.run("UPDATE order_items SET quantity = 21 WHERE order_id = 8");
    List<SourceRecord> records = run.records(2);

    // Then
    assertEquals(
        List.of("7 PAID A:10", "8 NEW B:21"), records.stream().map(LogCaptureTest::text).toList());
  }

  @Test
  void deletedOrderIsATombstone() {
    // Given
    shop.run(
        "INSERT INTO orders VALUES (7, 'NEW', 1); INSERT INTO order_items VALUES (7, 1, 'A', 10)");
    run.records(1);

    // When
    shop.run("DELETE FROM orders WHERE id = 7");
    SourceRecord record = run.records(1).get(0);

    // Then
    assertEquals(7L, record.key());
    assertNull(record.value());
    assertNull(record.valueSchema());
    assertEquals("delete", kind(record));
  }

  @Test
  void restartResumesAfterTheStoredOffset() {
    // Given
    run.records(0);
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1)");
    run.records(1);
    run.close();
    shop.run("INSERT INTO orders VALUES (2, 'NEW', 1)");
    shop.run("UPDATE orders SET status = 'PAID' WHERE id = 1");

    // When
    run = new CaptureRun(settings, offsets);
    List<SourceRecord> records = run.records(2);

    // Then
    assertEquals(List.of("2 NEW", "1 PAID"), records.stream().map(LogCaptureTest::text).toList());
  }

  @Test
  void tableThatWasRemovedFromThePublicationTemporarilyStopsCapture() {
    // Given
    run.records(0);
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1)");
    run.records(1);
    run.close();
    shop.run("ALTER PUBLICATION orderflow DROP TABLE order_items");
    shop.run("INSERT INTO order_items VALUES (1, 1, 'A', 10)");
    shop.run("ALTER PUBLICATION orderflow ADD TABLE order_items");

    // When
    run = new CaptureRun(settings, offsets);
    String failure = String.valueOf(assertThrows(ConnectException.class, run::poll).getMessage());
    run.close();
    offsets.replaceAll((partition, offset) -> withoutField(offset, "publication"));
    run = new CaptureRun(settings, offsets);
    shop.run("UPDATE orders SET status = 'PAID'");

    // Then
    assertTrue(
        failure.startsWith("publication.name: the publication orderflow was altered"), failure);
    assertTrue(failure.contains("remove \"publication\""), failure);
    assertEquals(List.of("1 PAID A:10"), texts(run.records(1)));
  }

  private static Map<String, ?> withoutField(Map<String, ?> offset, String field) {
    Map<String, Object> without = new HashMap<>(offset);
    without.remove(field);
    return without;
  }

  /** Connect stores offsets under the text of their partition. */
  @Test
  void storedPartitionHasTheFormThatIsReadBack() {
    // Given
    run.records(0);

    // When
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1)");
    Map<String, ?> partition = run.records(1).get(0).sourcePartition();

    // Then
    assertEquals(
        LogOffset.partition(
                TableName.parse(String.valueOf(partition.get("table"))),
                String.valueOf(partition.get("slot")))
            .toString(),
        partition.toString());
  }

  @Test
  void largeTransactionIsEmittedCompletelyFromALookUp() {
    // Given
    run.records(0);

    // When
    shop.run(
        """
        BEGIN; INSERT INTO orders SELECT n, repeat('x', 2000), n FROM generate_series(1, 40000) n;
        INSERT INTO order_items SELECT n, 1, 'A', n FROM generate_series(1, 40000) n; COMMIT
        """);
    List<SourceRecord> records = run.records(40_000);

    // Then
    assertTrue(
        records.stream()
            .allMatch(record -> ((Struct) record.value()).getArray("items").size() == 1));
    assertEquals(1, new HashSet<>(versions(records)).size());
  }

  @Test
  void onlyMatchingOrdersAreEmitted() {
    // Given
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1), (2, 'NEW', 2)");
    run.close();
    run = new CaptureRun(shop.logSettings(Map.of("orders.where", "total > 1")), offsets);
    List<SourceRecord> snapshot = run.records(1);

    // When
    shop.run("INSERT INTO orders VALUES (3, 'NEW', 1), (4, 'NEW', 4)");
    shop.run("UPDATE orders SET total = 5 WHERE id = 1");
    shop.run("UPDATE orders SET total = 0 WHERE id = 4");
    shop.run("UPDATE orders SET status = 'PAID' WHERE id = 2");
    List<String> emitted = texts(run.recordsUntil("2 PAID"));

    // Then
    assertEquals(List.of("2 NEW"), texts(snapshot));
    assertEquals(Set.of("1 NEW", "2 PAID"), new HashSet<>(without("4 NEW", emitted)));
  }

  @Test
  void withoutSnapshotOnlyChangesAreEmitted() {
    // Given
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1), (2, 'NEW', 2)");
    run.close();
    Map<String, String> fromNow = shop.logSettings(Map.of("snapshot.mode", "no_data"));
    run = new CaptureRun(fromNow, offsets);
    SourceRecord first = run.records(1).get(0);
    run.close();

    // When
    shop.run("UPDATE orders SET status = 'PAID' WHERE id = 2");
    run = new CaptureRun(fromNow, offsets);

    // Then
    assertEquals("orderflow-heartbeat", first.topic());
    assertEquals(List.of("2 PAID"), texts(run.records(1)));
  }

  private static List<String> texts(List<SourceRecord> records) {
    return records.stream().map(LogCaptureTest::text).toList();
  }

  /** An order that matched only briefly may be emitted or not. */
  private static List<String> without(String some, List<String> emitted) {
    return emitted.stream().filter(text -> !text.equals(some)).toList();
  }

  private static String kind(SourceRecord record) {
    return String.valueOf(record.headers().lastWithName("orderflow.kind").value());
  }

  private static List<Object> versions(List<SourceRecord> records) {
    return records.stream()
        .map(record -> record.headers().lastWithName("orderflow.version").value())
        .toList();
  }

  private static String text(SourceRecord record) {
    Struct order = (Struct) record.value();
    StringBuilder text = new StringBuilder(record.key() + " " + order.get("status"));
    for (Struct item : order.<Struct>getArray("items")) {
      text.append(' ').append(item.get("sku")).append(':').append(item.get("quantity"));
    }
    return text.toString();
  }
}
