package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Views and conditions: after each statement, the events show what the reference query shows. */
class ReadingTest {

  private static final String TABLES =
      """
      CREATE TABLE orders (
        id bigint PRIMARY KEY, status text NOT NULL, channel int, deleted_at timestamptz,
        revision integer NOT NULL DEFAULT 1);
      CREATE TABLE order_items (
        order_id bigint NOT NULL, line_no integer, sku text, quantity integer NOT NULL,
        PRIMARY KEY (order_id, line_no));
      CREATE TABLE channels (id int PRIMARY KEY, name text);
      CREATE SCHEMA stock;
      CREATE TABLE stock.goods (code text PRIMARY KEY, name text);
      INSERT INTO channels VALUES (1, 'web'), (2, 'shop');
      INSERT INTO stock.goods VALUES ('A', 'Apple'), ('B', 'Bean');
      CREATE VIEW stock.order_view AS
        SELECT c.name AS channel, o.id, o.revision, upper(o.status) || coalesce(' ' || c.name, '') AS status, o.deleted_at AS gone
        FROM orders o LEFT JOIN channels c ON c.id = o.channel WHERE o.status <> 'HIDDEN';
      CREATE VIEW item_view AS
        SELECT i.line_no, i.order_id, g.name AS sku, sum(i.quantity) OVER (PARTITION BY i.order_id) AS quantity, i.quantity AS single
        FROM order_items i JOIN stock.goods g ON g.code = i.sku;
      CREATE TABLE shipments (order_id bigint, id int, state text, PRIMARY KEY (order_id, id));
      CREATE VIEW stock.shipped_view AS
        SELECT o.id, o.status || coalesce((SELECT string_agg(' ' || s.state, '' ORDER BY s.id) FROM shipments s WHERE s.order_id = o.id), '') AS status
        FROM orders o;
      INSERT INTO orders VALUES (1, 'NEW', 1, NULL), (2, 'HIDDEN', 2, NULL), (3, 'NEW', NULL, '2026-01-01'), (4, 'DRAFT', 1, NULL);
      INSERT INTO order_items VALUES (1, 1, 'A', 1), (1, 2, 'X', 2), (3, 1, 'B', 0), (2, 1, 'A', 5)
      """;

  private static final String FROM_TABLE =
      "SELECT id, status, deleted_at AS gone FROM orders WHERE true";
  private static final String FROM_VIEW =
      """
      SELECT o.id, upper(o.status) || coalesce(' ' || (SELECT name FROM channels WHERE id = o.channel), '') AS status,
             o.deleted_at AS gone
      FROM orders o WHERE o.status <> 'HIDDEN'\
      """;
  private static final String WITH_SHIPMENTS =
      """
      SELECT o.id, o.status || coalesce(s.states, '') AS status
      FROM orders o LEFT JOIN (
        SELECT order_id, string_agg(' ' || state, '' ORDER BY id) AS states FROM shipments GROUP BY order_id
      ) AS s ON s.order_id = o.id""";
  private static final String ITEMS = "SELECT order_id, line_no, sku, quantity FROM order_items";
  private static final String ITEMS_OF_VIEW =
      """
      SELECT i.order_id, i.line_no, g.name AS sku, i.quantity AS single,
        (SELECT sum(quantity) FROM order_items JOIN stock.goods ON code = sku WHERE order_id = i.order_id) AS quantity
      FROM order_items i, stock.goods g WHERE g.code = i.sku\
      """;

  private static final List<String> HISTORY =
      List.of(
          "INSERT INTO orders VALUES (5, 'NEW', 2); INSERT INTO order_items VALUES (5, 1, 'A', 0),"
              + " (5, 2, 'B', 3)",
          "UPDATE orders SET status = 'PAID' WHERE id IN (1, 4)",
          "UPDATE orders SET status = 'HIDDEN' WHERE id = 1",
          "INSERT INTO shipments VALUES (1, 1, 'ready'), (1, 2, 'ready'), (5, 1, 'ready')",
          "UPDATE shipments SET state = 'sent' WHERE id = 1",
          "DELETE FROM shipments WHERE order_id = 1 AND id = 2",
          "UPDATE order_items SET quantity = 7 WHERE order_id = 1",
          "UPDATE orders SET status = 'NEW' WHERE id IN (1, 2)",
          "UPDATE orders SET deleted_at = '2026-02-02' WHERE id = 1",
          "UPDATE orders SET status = 'PAID' WHERE id IN (1, 3)",
          "UPDATE orders SET deleted_at = NULL",
          "UPDATE order_items SET quantity = 2 WHERE quantity = 0",
          "UPDATE order_items SET quantity = 0 WHERE order_id = 5 AND line_no = 2",
          "UPDATE order_items SET order_id = 3, line_no = 9 WHERE order_id = 1 AND line_no = 1",
          "DELETE FROM order_items WHERE order_id = 5 AND line_no = 1",
          "UPDATE order_items SET sku = 'B' WHERE sku = 'X'",
          "DELETE FROM order_items WHERE order_id = 4; DELETE FROM orders WHERE id = 4");

  private final Shop shop = Postgres.newShop();
  private final Map<Object, Long> versions = new HashMap<>();
  private final Map<Object, String> last = new TreeMap<>();

  /**
   * What is read, and a query over the tables alone that shows it.
   *
   * @param orders columns id and status
   * @param items columns order_id, line_no, sku and quantity
   */
  record Reading(Map<String, String> settings, String orders, String items) {}

  static Stream<Arguments> readings() {
    String hidden = " AND deleted_at IS NULL";
    return Stream.of(
            new Reading(Map.of("orders.view", "stock.order_view"), FROM_VIEW, ITEMS),
            new Reading(Map.of("items.view", "item_view"), FROM_TABLE, ITEMS_OF_VIEW),
            new Reading(
                Map.of("items.where", "quantity > 0"), FROM_TABLE, ITEMS + " WHERE quantity > 0"),
            new Reading(
                Map.of("orders.deleted.where", "deleted_at IS NOT NULL"),
                FROM_TABLE + hidden,
                ITEMS),
            new Reading(
                Map.of(
                    "orders.deleted.where", "deleted_at IS NOT NULL", "version.column", "revision"),
                FROM_TABLE + hidden,
                ITEMS),
            everything(),
            new Reading(
                Map.of(
                    "orders.view",
                    "stock.shipped_view",
                    "watch.tables",
                    "public.shipments:order_id"),
                WITH_SHIPMENTS,
                ITEMS),
            new Reading(
                Map.of("orders.view", "stock.order_view", "version.column", "revision"),
                FROM_VIEW,
                ITEMS))
        .flatMap(
            reading -> Stream.of("query", "log").map(capture -> Arguments.of(capture, reading)));
  }

  private static Reading everything() {
    return new Reading(
        Map.of(
            "orders.view", "stock.order_view",
            "items.view", "item_view",
            "orders.where", "status NOT LIKE 'DRAFT%'",
            "orders.deleted.where", "gone IS NOT NULL",
            "items.where", "single > 0"),
        FROM_VIEW + " AND deleted_at IS NULL AND status <> 'DRAFT'",
        ITEMS_OF_VIEW + " AND i.quantity > 0");
  }

  @ParameterizedTest
  @MethodSource("readings")
  void eventsShowWhatIsRead(String capture, Reading reading) {
    // Given
    Map<String, String> settings = install(capture, reading.settings());
    try (CaptureRun run = new CaptureRun(settings, new HashMap<>())) {
      pollUntil(expected(reading), run);
      assertFalse(last.containsValue("deleted"), "deleted orders in the initial snapshot: " + last);

      for (String step : HISTORY) {
        // When
        boolean versioned = reading.settings().containsKey("version.column");
        shop.run(versioned ? step + "; UPDATE orders SET revision = revision + 1" : step);

        // Then
        pollUntil(expected(reading), run);
      }
    } finally {
      shop.dropSlots();
    }
  }

  @Test
  void ordersThatAreHiddenOrShownBetweenTwoCapturesAreEmitted() {
    // Given
    Reading reading = everything();
    Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    Map<String, String> settings = install("query", reading.settings());
    settings.put("slot.name", shop.logSettings(Map.of()).get("slot.name"));
    shop.run(HISTORY.get(0));
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      pollUntil(expected(reading), run);
    }

    for (String capture : List.of("log", "query")) {
      // When
      shop.run("UPDATE orders SET deleted_at = CASE WHEN deleted_at IS NULL THEN now() END");
      settings.put("capture", capture);

      // Then
      try (CaptureRun run = new CaptureRun(settings, offsets)) {
        pollUntil(expected(reading), run);
        assertEquals(capture.equals("log") ? Set.of(3L) : Set.of(1L, 5L), existing().keySet());
      }
    }
    shop.dropSlots();
  }

  /** Prepares the tables, after which nothing is found. */
  private Map<String, String> install(String capture, Map<String, String> more) {
    shop.run(TABLES);
    Map<String, String> settings = shop.logSettings(more);
    if (capture.equals("query")) {
      settings = shop.settings(more);
      settings.put("deletes.table", "orders_deleted");
      shop.install(settings, "id", OrderIdType.BIGINT);
      shop.runScript(shop.installSql(settings, "id", OrderIdType.BIGINT).deletesInstall());
    }
    assertEquals(Map.of(), Validation.findings(settings));
    return settings;
  }

  private Map<Object, String> expected(Reading reading) {
    Map<Object, String> expected = new TreeMap<>();
    shop.value(
            """
            SELECT coalesce(string_agg(o.id || '|' || o.status || coalesce((
              SELECT string_agg('|' || concat_ws(':', i.line_no, i.sku, i.quantity), '' ORDER BY i.line_no)
              FROM (%s) AS i WHERE i.order_id = o.id), ''), E'\\n'), '')
            FROM (%s) AS o
            """
                .formatted(reading.items(), reading.orders()))
        .lines()
        .forEach(line -> expected.put(Long.valueOf(line.substring(0, line.indexOf('|'))), line));
    return expected;
  }

  /** Polls until the events show the orders that exist, and checks that versions grow. */
  private void pollUntil(Map<Object, String> expected, CaptureRun run) {
    long began = System.nanoTime();
    while (!existing().equals(expected) && System.nanoTime() - began < 8_000_000_000L) {
      run.poll().stream().filter(record -> record.topic().equals("orders")).forEach(this::add);
    }
    assertEquals(expected, existing());
  }

  private Map<Object, String> existing() {
    Map<Object, String> existing = new TreeMap<>(last);
    existing.values().removeIf("deleted"::equals);
    return existing;
  }

  private void add(SourceRecord record) {
    long version = (Long) record.headers().lastWithName("orderflow.version").value();
    Long before = versions.put(record.key(), version);
    assertTrue(before == null || before < version, () -> "version of " + record);
    last.put(record.key(), text(record));
  }

  private static String text(SourceRecord record) {
    if (!(record.value() instanceof Struct order)) {
      assertEquals("delete", record.headers().lastWithName("orderflow.kind").value());
      return "deleted";
    }
    return record.key()
        + "|"
        + order.get("status")
        + order.<Struct>getArray("items").stream()
            .map(
                item ->
                    "|" + item.get("line_no") + ":" + item.get("sku") + ":" + item.get("quantity"))
            .collect(Collectors.joining());
  }
}
