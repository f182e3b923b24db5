package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.fixture.FakeRegistry.Rule;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of tables and columns that events cannot have, or should not have. */
class EventNamesTest {

  private static final String AVRO = "io.apicurio.registry.utils.converter.AvroConverter";

  private static final String OWN_FIELDS =
      """
      ALTER TABLE orders ADD version integer DEFAULT 3, ADD items text DEFAULT 'two';
      INSERT INTO orders (id, status, total) VALUES (1, 'NEW', 1);
      INSERT INTO order_items VALUES (1, 1, 'A', 1)
      """;

  private static final String ODD_TABLES =
      """
      CREATE SCHEMA "my-shop";
      CREATE TABLE "my-shop".orders (id bigint PRIMARY KEY, "Ship-To" text, "2nd" int);
      CREATE TABLE "my-shop"."order.items" (order_id bigint REFERENCES "my-shop".orders, "no." int, "größe" text,
        PRIMARY KEY (order_id, "no."))
      """;

  private Shop shop = Shop.installed();

  @AfterEach
  void drop() {
    shop.dropSlots();
  }

  @ParameterizedTest
  @CsvSource({
    "query, columns.exclude, 'version,items', ''",
    "log, columns.exclude, 'version,items', ''",
    "query, columns.rename, 'version:row_version,items:content,items.sku:item_code', 'row_version content'",
    "log, columns.rename, 'version:row_version,items:content,items.sku:item_code', 'row_version content'"
  })
  void columnsOfTheNamesOfOwnFieldsAreExcludedOrRenamed(
      String capture, String key, String columns, String fields) {
    // Given
    shop.run(OWN_FIELDS);
    Map<String, String> settings = settings(capture, Map.of(key, columns));
    assertEquals(Map.of(), Validation.findings(settings));

    try (CaptureRun run = new CaptureRun(settings, new HashMap<>())) {
      // When
      Struct first = run.onlyValue();
      shop.run("UPDATE orders SET version = 4, status = 'PAID'");
      Struct changed = run.onlyValue();

      // Then
      assertEquals(
          "A", first.<Struct>getArray("items").get(0).get(fields.isEmpty() ? "sku" : "item_code"));
      assertTrue(first.getInt64("version") < changed.getInt64("version"));
      assertTrue(changed.getInt64("version") > 4);
      for (String field : fields.isEmpty() ? new String[0] : fields.split(" ")) {
        assertEquals(field.equals("content") ? "two" : (Object) 4, changed.get(field));
      }
      assertEquals(
          5 + (fields.isEmpty() ? 0 : 2), changed.schema().fields().size(), changed.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"query", "log"})
  void versionIsThatOfTheVersionColumnWhateverItsFieldIs(String capture) {
    // Given
    shop.run(
        """
        ALTER TABLE orders ADD version integer DEFAULT 3, ADD revision bigint NOT NULL DEFAULT 70;
        INSERT INTO orders (id, status, total) VALUES (1, 'NEW', 1)
        """);
    Map<String, String> settings =
        settings(
            capture,
            Map.of(
                "version.column", "revision", "columns.rename", "version:lock,revision:version"));

    try (CaptureRun run = new CaptureRun(settings, new HashMap<>())) {
      // When
      SourceRecord record = run.records(1).get(0);

      // Then
      Struct order = (Struct) record.value();
      assertEquals(70L, order.getInt64("version"));
      assertEquals(70L, record.headers().lastWithName("orderflow.version").value());
      assertEquals(3, order.get("lock"));
      assertNull(order.schema().field("revision"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "version integer, version.column",
    "items text, columns.rename",
    "\"2nd\" integer, columns.rename",
    "\"Status\" integer, ''"
  })
  void takenNameIsRefusedWithAFixThatWorks(String column, String key) {
    // Given
    shop.run("ALTER TABLE orders ADD \"_2nd\" text, ADD " + column);
    Map<String, String> settings = settings("query", Map.of("field.name.adjustment.mode", "avro"));

    // When
    Map<String, List<String>> findings = Validation.findings(settings);

    // Then
    assertEquals(key.isEmpty() ? Set.of() : Set.of(key), findings.keySet());
    if (!key.isEmpty()) {
      String message = Objects.requireNonNull(findings.get(key)).get(0);
      Matcher fix = Pattern.compile("(?:columns\\.rename=|such as )(\\S+)").matcher(message);
      assertTrue(fix.find(), message);
      settings.put("columns.rename", fix.group(1));
      assertEquals(Map.of(), Validation.findings(settings));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "no_such:x",
    "items.no_such:x",
    "change_xid:x",
    "status",
    "status:",
    ":x",
    "'status:a,status:b'",
    "status:total",
    "items.sku:quantity",
    "status:version",
    "status:items"
  })
  void renameThatCannotBeIsRefused(String renames) {
    // When
    Map<String, List<String>> findings =
        Validation.findings(settings("query", Map.of("columns.rename", renames)));

    // Then
    assertEquals(
        Set.of(renames.equals("status:version") ? "version.column" : "columns.rename"),
        findings.keySet());
  }

  @Test
  void columnIsNotBothExcludedAndRenamed() {
    // When
    Map<String, List<String>> findings =
        Validation.findings(
            settings("query", Map.of("columns.rename", "total:x", "columns.exclude", "total")));

    // Then
    assertEquals(Set.of("columns.rename"), findings.keySet());
  }

  @Test
  void droppedRenamedColumnStopsTheTask() {
    // Given
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1)");
    try (CaptureRun run =
        new CaptureRun(
            settings("query", Map.of("columns.rename", "total:amount")), new HashMap<>())) {
      run.records(1);

      // When
      shop.run("ALTER TABLE orders RENAME total TO sum; UPDATE orders SET status = 'PAID'");
      ConnectException failure = assertThrows(ConnectException.class, () -> run.records(1));

      // Then
      assertTrue(String.valueOf(failure.getMessage()).startsWith("columns.rename"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "query, avro, my_shop.orders, my_shop.order_items, Ship_To _2nd, no_ gr__e",
    "log, avro, my_shop.orders, my_shop.order_items, Ship_To _2nd, no_ gr__e",
    "query, avro_unicode, my_u002dshop.orders, my_u002dshop.order_u002eitems, Ship_u002dTo _u0032nd, no_u002e gr_u00f6_u00dfe",
    "log, avro_unicode, my_u002dshop.orders, my_u002dshop.order_u002eitems, Ship_u002dTo _u0032nd, no_u002e gr_u00f6_u00dfe"
  })
  void avroConverterAcceptsAdjustedNames(
      String capture, String mode, String orders, String items, String fields, String itemFields)
      throws IOException {
    // Given
    Map<String, String> settings = oddTables(capture);
    settings.put("value.converter", AVRO);
    Set<String> refused = Validation.findings(settings).keySet();
    settings.put("schema.name.adjustment.mode", mode);
    settings.put("field.name.adjustment.mode", mode);
    assertEquals(Map.of(), Validation.findings(settings));

    try (CaptureRun run = new CaptureRun(settings, new HashMap<>());
        RegisteredEvents events = new RegisteredEvents(Rule.BACKWARD)) {
      // When
      SourceRecord record = run.records(1).get(0);
      Struct read = events.read(events.write(record));

      // Then
      assertEquals(Set.of("schema.name.adjustment.mode", "field.name.adjustment.mode"), refused);
      Struct order = (Struct) record.value();
      assertEquals(orders, order.schema().name());
      Struct item = order.<Struct>getArray("items").get(0);
      assertEquals(items, item.schema().name());
      assertTrue(names(read).containsAll(List.of(fields.split(" "))), names(read).toString());
      Struct readItem = read.<Struct>getArray("items").get(0);
      assertTrue(
          names(readItem).containsAll(List.of(itemFields.split(" "))), names(readItem).toString());
      assertEquals("here", read.get(fields.substring(0, fields.indexOf(' '))));
    }
  }

  @Test
  void avroConverterRefusesNamesThatAreNotAdjusted() throws IOException {
    // Given
    try (CaptureRun run = new CaptureRun(oddTables("query"), new HashMap<>());
        RegisteredEvents events = new RegisteredEvents(Rule.BACKWARD)) {
      // When
      SourceRecord record = run.records(1).get(0);

      // Then
      assertThrows(RuntimeException.class, () -> events.write(record));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "io.confluent.connect.protobuf.ProtobufConverter, false, 2",
    "io.confluent.connect.avro.AvroConverter, false, 2",
    "io.confluent.connect.avro.AvroConverter, true, 0",
    "org.apache.kafka.connect.json.JsonConverter, false, 0"
  })
  void onlyStrictConvertersAreReported(String converter, String scrub, int expected) {
    // Given
    Map<String, String> settings = oddTables("query");
    settings.put("value.converter", converter);
    settings.put("value.converter.scrub.invalid.names", scrub);

    // When
    Map<String, List<String>> findings = Validation.findings(settings);

    // Then
    assertEquals(expected, findings.size(), findings.toString());
    String expectedNames = expected == 0 ? "{}" : "2nd, Ship-To, items.größe, items.no.";
    assertTrue(findings.toString().contains(expectedNames), findings.toString());
  }

  @ParameterizedTest
  @CsvSource({"struct, 2", "text, 0"})
  void namesInAStructKeyAreReportedToo(String format, int expected) {
    // Given
    shop = Postgres.newShop();
    shop.run(
        """
        CREATE SCHEMA "my-shop";
        CREATE TABLE "my-shop".orders ("Shop-Id" int, id int, status text, PRIMARY KEY ("Shop-Id", id))
        """);
    Map<String, String> settings =
        settings(
            "log",
            Map.of(
                "orders.table", "\"my-shop\".orders",
                "orders.id.column", "Shop-Id,id",
                "items.table", "",
                "composite.id.format", format,
                "key.converter", AVRO));

    // When
    Map<String, List<String>> findings = Validation.findings(settings);
    settings.put("schema.name.adjustment.mode", "avro");
    settings.put("field.name.adjustment.mode", "avro");

    // Then
    assertEquals(expected, findings.size(), findings.toString());
    assertEquals(Map.of(), Validation.findings(settings));
  }

  @Test
  void tablesThatBecomeOneSchemaAreRefused() {
    // Given
    shop.run(
        """
        ALTER TABLE orders RENAME TO "the-shop";
        ALTER TABLE order_items RENAME TO the_shop
        """);
    Map<String, String> settings =
        settings(
            "log",
            Map.of(
                "orders.table", "the-shop",
                "items.table", "the_shop",
                "schema.name.adjustment.mode", "avro"));

    // When
    Map<String, List<String>> findings = Validation.findings(settings);
    settings.put("schema.name.adjustment.mode", "avro_unicode");

    // Then
    assertEquals(Set.of("schema.name.adjustment.mode"), findings.keySet());
    assertEquals(Map.of(), Validation.findings(settings));
  }

  @ParameterizedTest
  @CsvSource({"topic, my orders", "topic, ..", "topic, ''", "heartbeat.topic, größe"})
  void nameThatIsNoTopicIsRefused(String key, String topic) {
    assertEquals(Set.of(key), Validation.findings(settings("query", Map.of(key, topic))).keySet());
  }

  private Map<String, String> oddTables(String capture) {
    shop = Postgres.newShop();
    shop.run(ODD_TABLES);
    Map<String, String> settings =
        settings(
            capture,
            Map.of(
                "orders.table",
                "\"my-shop\".orders",
                "items.table",
                "\"my-shop\".\"order.items\""));
    shop.install(settings, "id", OrderIdType.BIGINT);
    shop.run(
        """
        INSERT INTO "my-shop".orders VALUES (1, 'here', 2);
        INSERT INTO "my-shop"."order.items" VALUES (1, 1, 'L')
        """);
    return settings;
  }

  private Map<String, String> settings(String capture, Map<String, String> more) {
    return capture.equals("log") ? shop.logSettings(more) : shop.settings(more);
  }

  private static List<String> names(Struct struct) {
    return struct.schema().fields().stream().map(Field::name).toList();
  }
}
