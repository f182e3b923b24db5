package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.util.ArrayList;
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

  @Test
  void itemsAreIdentifiedByAKeyOfWhichAColumnIsExcluded() {
    // Given
    Shop own = Postgres.newShop();
    own.run(
        """
        CREATE TABLE orders (id bigint PRIMARY KEY, status text NOT NULL);
        CREATE TABLE order_items (order_id bigint, line_id int, position int NOT NULL, sku text NOT NULL,
          PRIMARY KEY (order_id, line_id))
        """);
    Map<String, String> settings =
        own.logSettings(Map.of("items.order.by", "position", "columns.exclude", "items.line_id"));
    List<String> emitted = new ArrayList<>();
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      run.records(0);

      // When
      for (String sql :
          List.of(
              "INSERT INTO orders VALUES (1, 'NEW'); INSERT INTO order_items VALUES (1, 11, 2, 'b'), (1, 12, 1, 'a'), (1, 13, 2, 'b')",
              "UPDATE order_items SET sku = 'c' WHERE line_id = 13",
              "UPDATE order_items SET position = 3 WHERE line_id = 11",
              "DELETE FROM order_items WHERE line_id = 12")) {
        own.run(sql);
        Struct order = (Struct) run.records(1).get(0).value();
        emitted.add(
            order.<Struct>getArray("items").stream()
                .map(item -> item.getString("sku") + item.get("position"))
                .sorted()
                .toList()
                .toString());
      }
    } finally {
      own.dropSlots();
    }

    // Then
    assertEquals(List.of("[a1, b2, b2]", "[a1, b2, c2]", "[a1, b3, c2]", "[b3, c2]"), emitted);
  }

  private static List<String> names(Struct struct) {
    return struct.schema().fields().stream().map(Field::name).toList();
  }
}
