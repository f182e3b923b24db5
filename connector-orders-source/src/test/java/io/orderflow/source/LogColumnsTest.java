package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Shop;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Columns whose values come from the log instead of a query. */
class LogColumnsTest {

  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private static final Map<String, String> PERSONAL =
      Map.of(
          "columns.exclude", "note,items.gift_text",
          "columns.hash", "email,total,born,items.sku",
          "columns.hash.key", "0123456789abcdef-secret",
          "traceparent.column", "trace");

  private static final List<String> CHANGES =
      List.of(
          "ALTER TABLE orders ADD COLUMN note text, ADD COLUMN points integer NOT NULL DEFAULT 5",
          "ALTER TABLE orders ALTER COLUMN small TYPE bigint, ALTER COLUMN total TYPE"
              + " numeric(20,4)",
          "ALTER TABLE orders RENAME COLUMN code TO label",
          "ALTER TYPE channel ADD VALUE 'PHONE'",
          "ALTER TABLE order_items ALTER COLUMN quantity TYPE bigint, ADD COLUMN gift text",
          "ALTER TABLE orders DROP COLUMN small");

  private final Shop shop = Shop.withTables();

  @AfterEach
  void dropSlots() {
    shop.dropSlots();
  }

  @Test
  void nextChangeHasTheNewSchemaOfAlteredTables() {
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), new HashMap<>())) {
      // Given
      int version = placed(run).schema().version();
      List<Struct> orders = new ArrayList<>();

      // When
      for (String change : CHANGES) {
        change(change);
        orders.addAll(next(run, 1));
      }

      // Then
      assertTrue(orders.get(0).schema().version() > version);
      assertEquals(5, orders.get(0).get("points"));
      assertEquals(1L, orders.get(1).get("small"));
      assertEquals(new BigDecimal("12.5000"), orders.get(1).get("total"));
      assertNull(orders.get(2).schema().field("code"));
      assertEquals("a", orders.get(2).get("label"));
      assertNewShape(orders.get(5));
    }
  }

  @Test
  void changesBeforeASchemaChangeAreEmitted() {
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), new HashMap<>())) {
      // Given
      placed(run);

      // When
      CHANGES.forEach(this::change);
      List<Struct> orders = next(run, CHANGES.size());

      // Then
      assertEquals(CHANGES.size(), orders.size());
      assertNewShape(orders.get(5));
    }
  }

  @Test
  void itemOnlyChangeHasTheNewSchemaOfTheOrder() {
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), new HashMap<>())) {
      // Given
      placed(run);

      // When
      shop.run("ALTER TABLE orders ADD COLUMN points integer NOT NULL DEFAULT 5");
      shop.run("UPDATE order_items SET quantity = 2");
      Struct order = next(run, 1).get(0);

      // Then
      assertEquals(5, order.get("points"));
    }
  }

  @Test
  void hashesAndTracesAreTheSameFromSnapshotAndLog() {
    // Given
    personal();
    place(1);
    try (CaptureRun run = new CaptureRun(shop.logSettings(PERSONAL), new HashMap<>())) {
      SourceRecord inSnapshot = nextRecords(run, 1).get(0);

      // When
      place(2);
      shop.run("UPDATE orders SET status = 'PAID' WHERE id = 1");
      List<SourceRecord> emitted = nextRecords(run, 2);

      // Then
      for (SourceRecord record : List.of(inSnapshot, emitted.get(0), emitted.get(1))) {
        Struct order = (Struct) record.value();
        assertEquals(
            List.of("id", "status", "total", "email", "born", "version", "items"), names(order));
        assertEquals(hashes(inSnapshot), hashes(record));
        assertTrue(hashes(record).stream().allMatch(hash -> hash.matches("[0-9a-f]{64}")));
        assertEquals(TRACE, record.headers().lastWithName("traceparent").value());
      }
    }
  }

  @Test
  void renamedExcludedColumnStopsTheTaskBeforeItsValuesAreEmitted() {
    // Given
    personal();
    try (CaptureRun run = new CaptureRun(shop.logSettings(PERSONAL), new HashMap<>())) {
      run.records(0);
      place(1);
      nextRecords(run, 1);

      // When
      shop.run("ALTER TABLE orders RENAME COLUMN note TO remark");
      shop.run("UPDATE orders SET remark = 'private'");
      ConnectException failure = assertThrows(ConnectException.class, () -> nextRecords(run, 1));

      // Then
      assertTrue(String.valueOf(failure.getMessage()).startsWith("columns.exclude"));
      assertFalse(String.valueOf(failure.getMessage()).contains("private"));
    }
  }

  /** Inserts an order that capture then has in its cache. */
  private Struct placed(CaptureRun run) {
    shop.run(
        """
        CREATE TYPE channel AS ENUM ('WEB', 'SHOP');
        ALTER TABLE orders ADD COLUMN channel channel, ADD COLUMN small integer NOT NULL DEFAULT 1,
          ADD COLUMN code varchar(4) NOT NULL DEFAULT 'a'
        """);
    run.records(0);
    shop.run(
        """
        INSERT INTO orders (id, status, total, channel) VALUES (1, 'NEW', 12.50, 'WEB');
        INSERT INTO order_items VALUES (1, 1, 'A', 1)
        """);
    return next(run, 1).get(0);
  }

  private void change(String sql) {
    shop.run(sql);
    shop.run(
        """
        UPDATE orders SET channel = (SELECT max(value) FROM unnest(enum_range(NULL::channel)) value);
        UPDATE order_items SET quantity = quantity + 1
        """);
  }

  private static void assertNewShape(Struct order) {
    assertEquals(
        List.of("id", "status", "total", "channel", "label", "note", "points", "version", "items"),
        names(order));
    Struct item = order.<Struct>getArray("items").get(0);
    assertEquals(List.of("order_id", "line_no", "sku", "quantity", "gift"), names(item));
    assertEquals(7L, item.get("quantity"));
    assertEquals("PHONE", order.get("channel"));
  }

  private void personal() {
    shop.run(
        """
        ALTER TABLE orders ADD COLUMN email text, ADD COLUMN born date, ADD COLUMN note text,
          ADD COLUMN trace text;
        ALTER TABLE order_items ADD COLUMN gift_text text
        """);
  }

  private void place(int id) {
    shop.run(
        """
        INSERT INTO orders VALUES (%1$d, 'NEW', 5.00, 'a@b.c', '2000-01-02', 'x', '%2$s');
        INSERT INTO order_items VALUES (%1$d, 1, 'A', 5, 'happy birthday')
        """
            .formatted(id, TRACE));
  }

  private static List<String> hashes(SourceRecord record) {
    Struct order = (Struct) record.value();
    Struct item = order.<Struct>getArray("items").get(0);
    return List.of(
        order.getString("email"),
        order.getString("total"),
        order.getString("born"),
        item.getString("sku"));
  }

  private static List<String> names(Struct struct) {
    return struct.schema().fields().stream().map(Field::name).toList();
  }

  private static List<Struct> next(CaptureRun run, int count) {
    return nextRecords(run, count).stream().map(record -> (Struct) record.value()).toList();
  }

  private static List<SourceRecord> nextRecords(CaptureRun run, int count) {
    List<SourceRecord> records = new ArrayList<>();
    for (int i = 0; i < 10_000 && records.size() < count; i++) {
      records.addAll(run.poll());
    }
    return records;
  }
}
