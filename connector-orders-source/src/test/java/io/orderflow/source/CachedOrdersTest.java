package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.EventContent;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Log capture's knowledge of orders is what the tables contain, whatever happens to them. */
class CachedOrdersTest {

  private static final String TABLES =
      """
      CREATE TYPE mood AS ENUM ('calm', 'busy');
      CREATE TYPE pair AS (a integer, b text);
      CREATE TABLE other (id int);
      CREATE TABLE orders (id bigint PRIMARY KEY, status text, total numeric(12,2), mood mood DEFAULT 'calm');
      CREATE TABLE order_items (
        order_id bigint NOT NULL REFERENCES orders ON DELETE CASCADE, line_no integer NOT NULL,
        price numeric(12,2) DEFAULT 1.5, mood mood DEFAULT 'calm', moods mood[] DEFAULT '{busy,calm}',
        pair pair DEFAULT '(1,x)', a text DEFAULT 'a', b text DEFAULT 'b',
        twice numeric GENERATED ALWAYS AS (line_no * 2) STORED, PRIMARY KEY (order_id, line_no));
      """;

  private static final String PLACE =
      "INSERT INTO orders VALUES (%1$d, 'NEW', 12.50); INSERT INTO order_items VALUES (%1$d, 1), (%1$d, 2)";

  private final Shop shop = Postgres.newShop();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();

  @AfterEach
  void dropSlots() {
    shop.dropSlots();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE orders ALTER COLUMN total TYPE numeric(12,2) USING total * 100",
        "ALTER TABLE order_items ALTER COLUMN price TYPE numeric(12,2) USING price * 100",
        "ALTER TABLE order_items ALTER COLUMN price TYPE text",
        "ALTER TABLE order_items ADD COLUMN c integer NOT NULL DEFAULT 5",
        "ALTER TABLE order_items DROP COLUMN a; ALTER TABLE order_items ADD COLUMN a text DEFAULT 'c'",
        "ALTER TABLE order_items RENAME a TO x; ALTER TABLE order_items RENAME b TO a; ALTER TABLE order_items RENAME x TO b",
        "ALTER TABLE order_items DROP COLUMN a",
        "ALTER TYPE mood RENAME VALUE 'calm' TO 'quiet'",
        "ALTER TYPE pair ADD ATTRIBUTE c integer",
        "ALTER TYPE pair DROP ATTRIBUTE a",
        "ALTER TABLE order_items DROP COLUMN twice; ALTER TABLE order_items ADD COLUMN twice numeric GENERATED ALWAYS AS (line_no * 3) STORED"
      })
  void valuesThatChangeWithoutTheirRowsAreThoseOfTheNextEvent(String change) {
    // Given
    shop.run(TABLES);
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      becomeExact(run);
      shop.run(PLACE.formatted(1));
      run.records(1);

      // When
      shop.run(change);
      shop.run("UPDATE orders SET status = 'PAID' WHERE id = 1");
      String after = EventContent.of(value(run.records(1), 0));
      shop.run("BEGIN; " + PLACE.formatted(2) + "; COMMIT");
      run.records(1);
      shop.run("UPDATE order_items SET line_no = 7 WHERE line_no = 1 AND order_id = 2");

      // Then
      assertEquals(snapshot(1), after);
      assertEquals(snapshot(2), EventContent.of(value(run.records(1), 0)));
    }
  }

  @Test
  void textsThatChangeWithOtherObjectsAreThoseOfTheNextEvent() {
    // Given
    shop.run(TABLES);
    shop.run("ALTER TABLE order_items ADD refers regclass DEFAULT 'other'::regclass");
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      becomeExact(run);
      shop.run(PLACE.formatted(1));
      run.records(1);

      // When
      shop.run("ALTER TABLE other RENAME TO another");
      shop.run("UPDATE orders SET status = 'PAID' WHERE id = 1");

      // Then
      assertEquals(snapshot(1), EventContent.of(value(run.records(1), 0)));
    }
  }

  @Test
  void rowsOfATransactionThatThenAltersTheirTableAreReadAgain() {
    // Given
    shop.run(TABLES);
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      becomeExact(run);

      // When
      shop.run(
          "BEGIN; "
              + PLACE.formatted(1)
              + "; ALTER TABLE order_items ALTER COLUMN price TYPE numeric(12,2) USING price * 100; COMMIT");
      String placed = EventContent.of(value(run.records(1), 0));
      shop.run("UPDATE orders SET status = 'PAID' WHERE id = 1");

      // Then
      assertTrue(placed.contains("price=150.00"), placed);
      assertEquals(snapshot(1), EventContent.of(value(run.records(1), 0)));
    }
  }

  @Test
  void changesBeforeARestartAndAnAlteredTableAreReadAgain() {
    // Given
    shop.run(TABLES);
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      becomeExact(run);
    }

    // When
    shop.run(PLACE.formatted(1));
    shop.run("ALTER TABLE order_items ALTER COLUMN price TYPE numeric(12,2) USING price * 100");
    shop.run("UPDATE orders SET status = 'PAID' WHERE id = 1");

    // Then
    try (CaptureRun run = new CaptureRun(shop.logSettings(Map.of()), offsets)) {
      assertEquals(snapshot(1), EventContent.of(value(run.records(2), 1)));
    }
  }

  static Stream<Arguments> unenforced() {
    String items = "INSERT INTO order_items VALUES (1, 1), (1, 2)";
    String order = "INSERT INTO orders VALUES (1, 'NEW', 1)";
    String delete = "DELETE FROM orders WHERE id = 1";
    String more =
        "INSERT INTO order_items VALUES (1, 3); DELETE FROM order_items WHERE line_no = 1";
    return Stream.of(
            List.of("start", items, order, more),
            List.of(items, "start", order, more),
            List.of(items, "start", more, order),
            List.of("start", items, "restart", order, more),
            List.of("start", order, items, delete, order, more),
            List.of(order, items, "start", delete, order, more),
            List.of(order, items, "start", delete, "restart", order),
            List.of(order, items, delete, "start", "restart", more, order),
            List.of("start", items, more, delete, order, delete, order))
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("unenforced")
  void itemsThatAreOlderThanTheirOrderAreInItsEvents(List<String> steps) {
    // Given
    shop.run(TABLES);
    CaptureRun run = null;
    String last = "none";

    // When
    for (String step : steps) {
      if (step.endsWith("start")) {
        if (run != null) {
          run.close();
        }
        run = new CaptureRun(shop.logSettings(Map.of()), offsets);
        if (step.equals("start")) {
          run.poll();
        }
      } else {
        shop.run("SET session_replication_role = replica; " + step);
      }
    }
    shop.run(PLACE.formatted(9));
    try (CaptureRun open = Objects.requireNonNull(run)) {
      List<SourceRecord> records = new ArrayList<>();
      for (int i = 0;
          i < 10_000 && records.stream().noneMatch(r -> Long.valueOf(9).equals(r.key()));
          i++) {
        records.addAll(open.poll());
      }
      for (SourceRecord record : records) {
        if (Long.valueOf(1).equals(record.key()) && record.value() != null) {
          last = EventContent.of((Struct) record.value());
        }
      }
    }

    // Then
    assertEquals(snapshot(1), last);
  }

  /** Polls until inserted orders need no look-up. */
  private void becomeExact(CaptureRun run) {
    for (int id = 100; id < 200; id++) {
      shop.run("INSERT INTO orders VALUES (%d, 'NEW', 1)".formatted(id));
      if (run.records(1).get(0).sourceOffset().containsKey("no_stray_items")) {
        return;
      }
    }
    throw new AssertionError("it is not known which items have no order");
  }

  /** The state of an order as an initial snapshot has it. */
  private String snapshot(long id) {
    Map<String, String> settings =
        shop.logSettings(Map.of("slot.name", shop.value("SELECT current_database() || '_again'")));
    try (CaptureRun run = new CaptureRun(settings, new HashMap<>())) {
      for (int i = 0; i < 500; i++) {
        for (SourceRecord record : run.poll()) {
          if (Long.valueOf(id).equals(record.key())) {
            return EventContent.of((Struct) record.value());
          }
        }
      }
      throw new AssertionError("the initial snapshot lacks order " + id);
    } finally {
      shop.run(
          "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = current_database() || '_again' AND NOT active");
    }
  }

  private static Struct value(List<SourceRecord> records, int index) {
    return (Struct) records.get(index).value();
  }
}
