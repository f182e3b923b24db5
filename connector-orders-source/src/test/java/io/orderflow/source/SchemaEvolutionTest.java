package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Shop;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tables change while the capture runs. */
class SchemaEvolutionTest {

  private final Shop shop = Shop.installed();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
  private final CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets);
  private int version;

  @BeforeEach
  void tellOneOrder() {
    shop.run(
        """
        CREATE TYPE channel AS ENUM ('WEB', 'SHOP');
        ALTER TABLE orders ADD COLUMN channel channel, ADD COLUMN small integer NOT NULL DEFAULT 1,
          ADD COLUMN code varchar(4) NOT NULL DEFAULT 'a';
        INSERT INTO orders (id, status, total, channel) VALUES (1, 'NEW', 1, 'WEB');
        INSERT INTO order_items VALUES (1, 1, 'A', 1)
        """);
    version = run.onlyValue().schema().version();
  }

  @AfterEach
  void stop() {
    run.close();
  }

  @Test
  void addedColumnsAreFieldsOfTheNextEvent() {
    // Given
    String sql =
        """
        ALTER TABLE orders ADD COLUMN note text, ADD COLUMN points integer NOT NULL DEFAULT 5,
          ADD COLUMN rank integer DEFAULT 6\
        """;

    // When
    Struct order = after(sql);

    // Then
    assertNull(order.get("note"));
    assertEquals(Schema.OPTIONAL_STRING_SCHEMA, schema(order, "note"));
    assertEquals(5, order.get("points"));
    assertEquals(Schema.INT32_SCHEMA, schema(order, "points"));
    assertEquals(6, order.get("rank"));
  }

  @Test
  void droppedColumnIsNotInTheNextEventEvenIfItReturnsWithAnotherType() {
    // Given
    String drop = "ALTER TABLE orders DROP COLUMN code";

    // When
    Struct without = after(drop);
    Struct again = after("ALTER TABLE orders ADD COLUMN code bigint");

    // Then
    assertNull(without.schema().field("code"));
    assertEquals(Schema.OPTIONAL_INT64_SCHEMA, schema(again, "code"));
  }

  @Test
  void widenedColumnsHaveTheWiderType() {
    // Given
    String widen =
        """
        ALTER TABLE orders ALTER COLUMN small TYPE bigint, ALTER COLUMN code TYPE text,
          ALTER COLUMN total TYPE numeric(20,4)\
        """;

    // When
    Struct order = after(widen);
    Struct item =
        after("ALTER TABLE order_items ALTER COLUMN quantity TYPE bigint")
            .<Struct>getArray("items")
            .get(0);

    // Then
    assertEquals(1L, order.get("small"));
    assertEquals(Schema.STRING_SCHEMA, schema(order, "code"));
    assertEquals(new BigDecimal("1.0000"), order.get("total"));
    assertEquals(Decimal.builder(4).optional().build(), schema(order, "total"));
    assertEquals(1L, item.get("quantity"));
  }

  @Test
  void morePrecisionIsTheSameSchemaUnderANewVersion() {
    // Given
    String sql =
        "ALTER TABLE orders ALTER COLUMN total TYPE numeric(20,2), ALTER COLUMN code TYPE"
            + " varchar(9)";

    // When
    Struct order = after(sql);

    // Then
    assertEquals(Decimal.builder(2).optional().build(), schema(order, "total"));
    assertEquals(Schema.STRING_SCHEMA, schema(order, "code"));
  }

  @Test
  void renamedColumnIsAnotherField() {
    // Given
    String rename = "ALTER TABLE orders RENAME COLUMN code TO label";

    // When
    Struct order = after(rename);

    // Then
    assertNull(order.schema().field("code"));
    assertEquals("a", order.get("label"));
  }

  @Test
  void extendedEnumRemainsText() {
    // Given
    shop.run("ALTER TYPE channel ADD VALUE 'PHONE'");

    // When
    shop.run("UPDATE orders SET channel = 'PHONE'");
    Struct order = run.onlyValue();

    // Then
    assertEquals("PHONE", order.get("channel"));
    assertEquals(version, order.schema().version());
  }

  @Test
  void fieldIsOptionalWhileTheColumnIsNullable() {
    // Given
    String loosen = "ALTER TABLE orders ALTER COLUMN code DROP NOT NULL";

    // When
    Struct loose = after(loosen);
    Struct strict = after("ALTER TABLE orders ALTER COLUMN code SET NOT NULL");

    // Then
    assertTrue(schema(loose, "code").isOptional());
    assertEquals(Schema.STRING_SCHEMA, schema(strict, "code"));
  }

  @Test
  void schemaVersionIsTheSameAfterARestart() {
    // Given
    Struct order = after("ALTER TABLE order_items ALTER COLUMN quantity TYPE bigint");

    // When
    Struct again;
    try (CaptureRun other = new CaptureRun(shop.settings(Map.of()), new HashMap<>())) {
      again = other.onlyValue();
    }

    // Then
    assertEquals(order.schema(), again.schema());
    assertEquals(List.of("id", "status", "total"), names(again).subList(0, 3));
  }

  /** Alters the tables; returns the next event, whose schema version must be greater. */
  private Struct after(String sql) {
    shop.run(sql);
    shop.run("UPDATE orders SET status = 'CHANGED'");
    Struct order = run.onlyValue();
    assertTrue(version < order.schema().version(), sql);
    version = order.schema().version();
    return order;
  }

  private static List<String> names(Struct struct) {
    return struct.schema().fields().stream().map(field -> field.name()).toList();
  }

  private static Schema schema(Struct order, String field) {
    return order.schema().field(field).schema();
  }
}
