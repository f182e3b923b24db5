package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventTypesTest {

  /** PostgreSQL has negative scales from version 15 on. */
  private static final boolean ROUNDS = Postgres.majorVersion() >= 15;

  private static final String ALL_TYPES =
      """
      CREATE TYPE status AS ENUM ('NEW', 'PAID');
      CREATE DOMAIN price AS numeric(12,3);
      CREATE TABLE orders (
        id bigint PRIMARY KEY, b boolean, i2 smallint, i4 integer, i8 bigint, f4 real, f8 double precision,
        n numeric, money numeric(10,2), tiny numeric(12,8), round %s, p price, t text, v varchar(20),
        c char(4), e status, u uuid, j json, jb jsonb, by bytea, d date, ti time, ts timestamp,
        tz timestamptz, iv interval, pt point, ttz timetz, ta text[], na numeric(10,2)[], tza timestamptz[], ea status[],
        ia integer[], ua uuid[]
      );
      CREATE TABLE order_items (order_id bigint, line_no integer, PRIMARY KEY (order_id, line_no));
      """
          .formatted(ROUNDS ? "numeric(8,-2)" : "numeric(8)");

  private static final String ROW =
      """
      (%d, true, 2, 4, 8, 1.5, 2.5, 1234567890.12345678901234567890, 12.50, 0.00000000, 1234, 1.5, 'text', 'varchar',
       'ab', 'PAID', '123e4567-e89b-12d3-a456-426614174000', '{"a": 1}', '{"b":2}', 'bytes',
       '2026-11-22', '10:11:12.345678', '2026-11-22 10:11:12.345678', '2026-11-22 10:11:12.345+02', '1 day',
       '(1,2)', '10:00:00+02', '{a,NULL,"c d"}', '{1.50,2}', '{2026-11-22 10:11:12+00}', '{NEW,PAID}', '{{1,2},{3,4}}',
       '{123e4567-e89b-12d3-a456-426614174000}')\
      """;

  private final Shop shop = Postgres.newShop();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();

  /** The driver reads text at first, and binary values once a statement was used several times. */
  @Test
  void everyTypeIsTheSameInBothFormsOfTheProtocol() {
    // Given
    shop.run(ALL_TYPES);
    shop.install(Map.of(), "id", OrderIdType.BIGINT);

    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      for (int id = 1; id <= 12; id++) {
        // When
        shop.run("INSERT INTO orders VALUES " + ROW.formatted(id));
        Struct order = run.onlyValue();

        // Then
        assertNumbers(order);
        assertTexts(order);
        assertTimes(order);
        assertArrays(order);
      }
    }
  }

  private static void assertNumbers(Struct order) {
    assertEquals(true, order.get("b"));
    assertEquals((short) 2, order.get("i2"));
    assertEquals(4, order.get("i4"));
    assertEquals(8L, order.get("i8"));
    assertEquals(1.5f, order.get("f4"));
    assertEquals(2.5, order.get("f8"));
    assertEquals("1234567890.12345678901234567890", order.get("n"));
    assertEquals(new BigDecimal("12.50"), order.get("money"));
    assertEquals(new BigDecimal("0.00000000"), order.get("tiny"));
    assertEquals(new BigDecimal(ROUNDS ? "12E+2" : "1234"), order.get("round"));
    assertEquals(new BigDecimal("1.500"), order.get("p"));
  }

  private static void assertTexts(Struct order) {
    assertEquals("text", order.get("t"));
    assertEquals("varchar", order.get("v"));
    assertEquals("ab  ", order.get("c"));
    assertEquals("PAID", order.get("e"));
    assertEquals("123e4567-e89b-12d3-a456-426614174000", order.get("u"));
    assertEquals("{\"a\": 1}", order.get("j"));
    assertEquals("{\"b\": 2}", order.get("jb"));
    assertEquals("io.debezium.data.Json", order.schema().field("jb").schema().name());
    assertArrayEquals("bytes".getBytes(StandardCharsets.UTF_8), order.getBytes("by"));
    assertEquals("1 day", order.get("iv"));
    assertEquals("(1,2)", order.get("pt"));
  }

  private static void assertTimes(Struct order) {
    assertEquals(date("2026-11-22T00:00:00Z"), order.get("d"));
    assertEquals(date("1970-01-01T10:11:12.345Z"), order.get("ti"));
    assertEquals(date("2026-11-22T10:11:12.345Z"), order.get("ts"));
    assertEquals(date("2026-11-22T08:11:12.345Z"), order.get("tz"));
    assertEquals("10:00:00+02", order.get("ttz"));
  }

  private static void assertArrays(Struct order) {
    assertEquals(java.util.Arrays.asList("a", null, "c d"), order.get("ta"));
    assertEquals(List.of(new BigDecimal("1.50"), new BigDecimal("2.00")), order.get("na"));
    assertEquals(List.of(date("2026-11-22T10:11:12Z")), order.get("tza"));
    assertEquals(List.of("NEW", "PAID"), order.get("ea"));
    assertEquals(List.of(1, 2, 3, 4), order.get("ia"));
    assertEquals(List.of("123e4567-e89b-12d3-a456-426614174000"), order.get("ua"));
  }

  @Test
  void infinityBecomesTheFirstOrLastSupportedTime() {
    // Given
    shop.run(ALL_TYPES);
    shop.install(Map.of(), "id", OrderIdType.BIGINT);

    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      for (int id = 1; id <= 8; id++) {
        // When
        shop.run(
            "INSERT INTO orders (id, d, ts, tz) VALUES (%d, 'infinity', '-infinity', 'infinity')"
                .formatted(id));
        Struct order = run.onlyValue();

        // Then
        assertEquals(date("9999-12-31T00:00:00Z"), order.get("d"));
        assertEquals(date("0001-01-01T00:00:00Z"), order.get("ts"));
        assertEquals(date("9999-12-31T23:59:59.999Z"), order.get("tz"));
        assertNull(order.get("t"));
      }
    }
  }

  @Test
  void decimalsAreTheirExactTextIfConfigured() {
    // Given
    shop.run(ALL_TYPES);
    shop.install(Map.of(), "id", OrderIdType.BIGINT);

    try (CaptureRun run =
        new CaptureRun(shop.settings(Map.of("decimal.handling.mode", "string")), offsets)) {
      for (int id = 1; id <= 8; id++) {
        // When
        shop.run(
            "INSERT INTO orders (id, money, tiny, n, p) VALUES (%d, 12.50, 0, 'NaN', 100)"
                .formatted(id));
        Struct order = run.onlyValue();

        // Then
        assertEquals("12.50", order.get("money"));
        assertEquals("0.00000000", order.get("tiny"));
        assertEquals("NaN", order.get("n"));
        assertEquals("100.000", order.get("p"));
      }
    }
  }

  @Test
  void notANumberStopsTheTaskNamingOrderAndColumn() {
    // Given
    shop.run(ALL_TYPES);
    shop.install(Map.of(), "id", OrderIdType.BIGINT);
    shop.run("INSERT INTO orders (id, money) VALUES (42, 'NaN')");

    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      // When
      ConnectException failure = assertThrows(ConnectException.class, run::poll);

      // Then
      String message = String.valueOf(failure.getMessage());
      assertTrue(message.contains("Order 42, column money"), message);
      assertTrue(message.contains("decimal.handling.mode=string"), message);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bigint, BIGINT, INT64, '-5', 9007199254740993",
    "integer, INTEGER, INT32, '-5', 70000",
    "smallint, INTEGER, INT32, '-5', 300",
    "uuid, UUID, STRING, 123e4567-e89b-12d3-a456-426614174000,"
        + " 00000000-0000-0000-0000-000000000001",
    "text, TEXT, STRING, Äpfel, b'' \"c",
    "varchar(40), TEXT, STRING, Z, a"
  })
  void everyTypeOfOrderIdIsCapturedAndResumed(
      String sqlType, OrderIdType type, Schema.Type keyType, String first, String second) {
    // Given
    shop.run(
        """
        CREATE TABLE orders (id %1$s PRIMARY KEY);
        CREATE TABLE order_items (order_id %1$s, sku text, PRIMARY KEY (order_id, sku));
        """
            .formatted(sqlType));
    shop.install(Map.of(), "id", type);
    shop.run(
        "INSERT INTO orders VALUES ('%1$s'); INSERT INTO order_items VALUES ('%1$s', 'A')"
            .formatted(first));
    SourceRecord one;
    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      one = run.records(1).get(0);
    }
    shop.run("INSERT INTO orders VALUES ('%s')".formatted(second));

    // When
    SourceRecord two;
    try (CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets)) {
      two = run.records(1).get(0);
    }

    // Then
    assertEquals(keyType, one.keySchema().type());
    assertEquals(first, one.key().toString());
    assertEquals(1, ((Struct) one.value()).getArray("items").size());
    assertEquals(second.replace("''", "'"), two.key().toString());
  }

  @SuppressWarnings("JavaUtilDate")
  private static Date date(String instant) {
    return Date.from(Instant.parse(instant));
  }
}
