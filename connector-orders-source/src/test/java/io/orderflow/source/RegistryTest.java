package io.orderflow.source;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.apicurio.registry.rest.client.exception.RuleViolationException;
import io.orderflow.common.fixture.FakeRegistry.Rule;
import io.orderflow.source.RegisteredEvents.Outcome;
import io.orderflow.source.fixture.Shop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Events of tables that change go through an Avro converter to a registry that checks them. */
class RegistryTest {

  /** By the rows of the page's table, each in as many ways as it names. */
  private static final Map<String, List<String>> CHANGES =
      Map.ofEntries(
          entry(
              "column added, may be null",
              List.of(
                  "ALTER TABLE orders ADD note text, ADD rank integer DEFAULT 6",
                  "ALTER TABLE order_items ADD gift text")),
          entry(
              "column added, NOT NULL",
              List.of("ALTER TABLE orders ADD rank integer NOT NULL DEFAULT 6")),
          entry("column dropped, may be null", List.of("ALTER TABLE orders DROP channel")),
          entry(
              "column dropped, NOT NULL",
              List.of("ALTER TABLE orders DROP code", "ALTER TABLE order_items DROP quantity")),
          entry("column renamed, may be null", List.of("ALTER TABLE orders RENAME channel TO via")),
          entry("column renamed, NOT NULL", List.of("ALTER TABLE orders RENAME code TO label")),
          entry("`smallint` → `integer`", List.of("ALTER TABLE orders ALTER small TYPE integer")),
          entry(
              "`integer` → `bigint`, each of them or `real` → `double precision`",
              List.of(
                  "ALTER TABLE orders ALTER points TYPE bigint",
                  "ALTER TABLE orders ALTER points TYPE double precision",
                  "ALTER TABLE orders ALTER small TYPE double precision",
                  "ALTER TABLE orders ALTER rate TYPE double precision",
                  "ALTER TABLE order_items ALTER quantity TYPE bigint")),
          entry(
              "longer `varchar`, `varchar` → `text`, more digits before the point",
              List.of(
                  "ALTER TABLE orders ALTER code TYPE varchar(9)",
                  "ALTER TABLE orders ALTER code TYPE text",
                  "ALTER TABLE orders ALTER total TYPE numeric(20,2)")),
          entry(
              "another scale of `numeric`, `numeric` → `text`",
              List.of(
                  "ALTER TABLE orders ALTER total TYPE numeric(20,4)",
                  "ALTER TABLE orders ALTER total TYPE text")),
          entry("`date` → `timestamp`", List.of("ALTER TABLE orders ALTER placed TYPE timestamp")),
          entry(
              "most other changes of type",
              List.of(
                  "ALTER TABLE orders ALTER small TYPE text",
                  "ALTER TABLE orders ALTER code DROP DEFAULT, ALTER code TYPE integer USING 7",
                  "ALTER TABLE orders ALTER total TYPE bigint",
                  "ALTER TABLE orders ALTER placed TYPE text")),
          entry("enum grown", List.of("ALTER TYPE channel ADD VALUE 'PHONE'")),
          entry("NOT NULL dropped", List.of("ALTER TABLE orders ALTER code DROP NOT NULL")),
          entry("NOT NULL added", List.of("ALTER TABLE orders ALTER total SET NOT NULL")));

  private static final Map<String, Outcome> WORDS =
      Map.of(
          "compatible", Outcome.COMPATIBLE,
          "**misread**", Outcome.MISREAD,
          "**refused**", Outcome.REFUSED);

  private static RegisteredEvents backward;
  private static RegisteredEvents forward;

  private final Shop shop = Shop.installed();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
  private final CaptureRun run = new CaptureRun(shop.settings(Map.of()), offsets);

  @BeforeAll
  static void open() throws IOException {
    backward = new RegisteredEvents(Rule.BACKWARD);
    forward = new RegisteredEvents(Rule.FORWARD);
  }

  @AfterAll
  static void close() {
    backward.close();
    forward.close();
  }

  @BeforeEach
  void fill() {
    shop.run(
        """
        CREATE TYPE channel AS ENUM ('WEB', 'SHOP');
        ALTER TABLE orders
          ADD channel channel,
          ADD small smallint NOT NULL DEFAULT 1,
          ADD points integer NOT NULL DEFAULT 5,
          ADD rate real NOT NULL DEFAULT 1.5,
          ADD code varchar(4) NOT NULL DEFAULT 'a',
          ADD placed date NOT NULL DEFAULT '2026-11-22';
        INSERT INTO orders (id, status, total, channel) VALUES (1, 'NEW', 12.50, 'WEB');
        INSERT INTO order_items VALUES (1, 1, 'A', 3)
        """);
  }

  @AfterEach
  void stop() {
    run.close();
  }

  @ParameterizedTest
  @MethodSource("changes")
  void registriesAcceptEachChangeAsDocumented(String change) throws IOException {
    // Given
    List<String> row = Objects.requireNonNull(page().get(change));
    for (String sql : Objects.requireNonNull(CHANGES.get(change))) {
      SourceRecord old = nextEvent();

      // When
      shop.run(sql);

      // Then
      SourceRecord next = nextEvent();
      assertEquals(WORDS.get(row.get(2)), backward.outcome(old, next), sql);
      assertEquals(WORDS.get(row.get(3)), forward.outcome(old, next), sql);
    }
  }

  static Set<String> changes() {
    return CHANGES.keySet();
  }

  @Test
  void everyDocumentedChangeIsTested() throws IOException {
    assertEquals(changes(), page().keySet());
  }

  @Test
  void anotherScaleIsTheSameTextWithDecimalsAsText() throws IOException {
    // Given
    try (CaptureRun text =
        new CaptureRun(shop.settings(Map.of("decimal.handling.mode", "string")), new HashMap<>())) {
      SourceRecord old = text.records(1).get(0);

      // When
      shop.run("ALTER TABLE orders ALTER total TYPE numeric(20,4)");
      shop.run("UPDATE orders SET status = 'CHANGED'");

      // Then
      assertEquals(Outcome.COMPATIBLE, backward.outcome(old, text.records(1).get(0)));
    }
  }

  @Test
  void consumersReadEachEventWithItsOwnSchema() throws IOException {
    // Given
    try (RegisteredEvents events = new RegisteredEvents(Rule.BACKWARD)) {
      List<SourceRecord> emitted = new ArrayList<>(List.of(nextEvent()));
      for (String sql :
          List.of(
              "ALTER TABLE orders ADD note text",
              "ALTER TABLE orders DROP rate",
              "ALTER TABLE orders ALTER small TYPE bigint",
              "ALTER TABLE orders RENAME channel TO via",
              "ALTER TYPE channel ADD VALUE 'PHONE'",
              "UPDATE orders SET via = 'PHONE'",
              "ALTER TABLE orders ALTER total TYPE numeric(20,4)")) {
        shop.run(sql);
        emitted.add(nextEvent());
      }

      // When
      List<byte[]> written = emitted.stream().map(events::write).toList();

      // Then
      for (int i = 0; i < emitted.size(); i++) {
        assertSame((Struct) emitted.get(i).value(), events.read(written.get(i)));
      }
    }
  }

  @Test
  void refusedEventIsEmittedOnceTheTableIsFixed() throws IOException {
    // Given
    try (RegisteredEvents events = new RegisteredEvents(Rule.BACKWARD)) {
      events.write(nextEvent());
      Map<Map<String, ?>, Map<String, ?>> stored = new HashMap<>(offsets);
      shop.run("ALTER TABLE orders ADD rank integer NOT NULL DEFAULT 6");
      SourceRecord refused = nextEvent();
      assertThrows(RuleViolationException.class, () -> events.write(refused));

      // When
      shop.run("ALTER TABLE orders ALTER rank DROP NOT NULL");

      // Then
      try (CaptureRun restarted = new CaptureRun(shop.settings(Map.of()), stored)) {
        Struct read = events.read(events.write(restarted.records(1).get(0)));
        assertEquals(6, read.get("rank"));
        assertEquals(((Struct) refused.value()).get("status"), read.get("status"));
      }
    }
  }

  /** The event of the next change of the order. */
  private SourceRecord nextEvent() {
    shop.run("UPDATE orders SET status = status || '.'");
    return run.records(1).get(0);
  }

  private static void assertSame(Struct emitted, Struct read) {
    for (Field field : emitted.schema().fields()) {
      assertEquals(String.valueOf(emitted.get(field)), String.valueOf(read.get(field.name())));
    }
    assertEquals(emitted.schema().fields().size(), read.schema().fields().size());
  }

  /** The rows of the table of changes, by their first column. */
  private static Map<String, List<String>> page() throws IOException {
    Path root = Path.of(Objects.requireNonNull(System.getProperty("orderflow.root")));
    Map<String, List<String>> rows = new LinkedHashMap<>();
    Files.readString(root.resolve("docs/source.md"))
        .lines()
        .dropWhile(line -> !line.startsWith("| change |"))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> List.of(line.substring(1).split("\\|")).stream().map(String::strip).toList())
        .forEach(row -> rows.put(row.get(0), row));
    return rows;
  }
}
