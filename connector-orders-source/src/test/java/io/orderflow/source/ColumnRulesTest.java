package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnRulesTest {

  private static final String KEY = "0123456789abcdef-secret";

  private final Shop shop = Shop.installed();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();

  @Test
  void excludedColumnsAreNeitherReadNorFields() {
    // Given
    shop.run(
        """
        ALTER TABLE orders ADD COLUMN email text, ADD COLUMN note text;
        ALTER TABLE order_items ADD COLUMN gift_text text;
        INSERT INTO orders VALUES (1, 'NEW', 1, DEFAULT, 'a@b.c', 'x');
        INSERT INTO order_items VALUES (1, 1, 'A', 2, 'happy birthday');
        """);

    try (CaptureRun run =
        new CaptureRun(
            shop.settings(Map.of("columns.exclude", "email,items.gift_text,items.quantity")),
            offsets)) {
      // When
      Struct order = run.onlyValue();

      // Then
      assertEquals(List.of("id", "status", "total", "note", "version", "items"), names(order));
      assertEquals("x", order.get("note"));
      Struct item = order.<Struct>getArray("items").get(0);
      assertEquals(List.of("order_id", "line_no", "sku"), names(item));
      assertEquals("A", item.get("sku"));
    }
  }

  @Test
  void hashedColumnsAreTheSameTextForTheSameValue() {
    // Given
    shop.run(
        """
        ALTER TABLE orders ADD COLUMN email text, ADD COLUMN born date;
        INSERT INTO orders VALUES (1, 'NEW', 5.00, DEFAULT, 'a@b.c', '2000-01-02');
        INSERT INTO order_items VALUES (1, 1, 'A', 5), (1, 2, 'A', 6);
        """);

    try (CaptureRun run = new CaptureRun(hashing("email,total,born,items.sku"), offsets)) {
      // When
      Struct order = run.onlyValue();
      shop.run("UPDATE orders SET email = NULL, total = NULL");
      Struct without = run.onlyValue();

      // Then
      List<Struct> items = order.getArray("items");
      assertTrue(order.getString("email").matches("[0-9a-f]{64}"));
      assertEquals(Schema.OPTIONAL_STRING_SCHEMA, order.schema().field("born").schema());
      assertEquals(64, order.getString("total").length());
      assertEquals(items.get(0).get("sku"), items.get(1).get("sku"));
      assertNotEquals("A", items.get(0).get("sku"));
      assertNull(without.get("email"));
      assertNull(without.get("total"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "columns.exclude, id",
    "columns.exclude, change_xid",
    "columns.exclude, status",
    "columns.exclude, items.order_id",
    "columns.exclude, items.line_no",
    "columns.exclude, no_such",
    "columns.exclude, items.email",
    "columns.hash, id",
    "columns.hash, items.order_id",
    "traceparent.column, total",
    "traceparent.column, no_such",
    "traceparent.column, id"
  })
  void missingOrRequiredColumnIsRefusedOnItsKey(String key, String column) {
    // Given
    shop.run("ALTER TABLE orders ALTER COLUMN status TYPE integer USING 1");
    Map<String, String> settings =
        shop.settings(Map.of("version.column", "status", "columns.hash.key", KEY, key, column));

    // When
    Map<String, List<String>> findings = Validation.findings(settings);

    // Then
    assertEquals(List.of(key), List.copyOf(findings.keySet()), findings.toString());
  }

  @Test
  void hashesAskForAKey() {
    // Given
    Map<String, String> settings = shop.settings(Map.of("columns.hash", "status"));

    // When
    Map<String, List<String>> none = Validation.findings(settings);
    settings.put("columns.hash.key", "short");
    Map<String, List<String>> tooShort = Validation.findings(settings);

    // Then
    assertEquals(List.of("columns.hash.key"), List.copyOf(none.keySet()));
    assertEquals(List.of("columns.hash.key"), List.copyOf(tooShort.keySet()));
    assertTrue(!tooShort.toString().contains("\"short\""));
  }

  @Test
  void renamedColumnStopsTheTaskBeforeItsValuesAreEmitted() {
    // Given
    shop.run("ALTER TABLE orders ADD COLUMN email text; INSERT INTO orders VALUES (1, 'NEW', 1)");
    try (CaptureRun run =
        new CaptureRun(shop.settings(Map.of("columns.exclude", "email")), offsets)) {
      run.records(1);

      // When
      shop.run("ALTER TABLE orders RENAME COLUMN email TO mail; UPDATE orders SET mail = 'a@b.c'");
      ConnectException failure = assertThrows(ConnectException.class, () -> run.records(1));

      // Then
      assertTrue(String.valueOf(failure.getMessage()).startsWith("columns.exclude"));
    }
  }

  private Map<String, String> hashing(String columns) {
    return shop.settings(Map.of("columns.hash", columns, "columns.hash.key", KEY));
  }

  private static List<String> names(Struct struct) {
    return struct.schema().fields().stream().map(Field::name).toList();
  }
}
