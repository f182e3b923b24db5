package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.apicurio.registry.rest.client.exception.RuleViolationException;
import io.orderflow.common.fixture.FakeRegistry.Rule;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders whose events are larger than Kafka accepts. */
class OversizedEventsTest {

  /** About 1.3 MB of JSON, and 0.7 MB of Avro. */
  private static final int MANY_ITEMS = 2_000;

  private final Shop shop = Shop.installed();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();

  @AfterEach
  void drop() {
    shop.dropSlots();
  }

  @ParameterizedTest
  @ValueSource(strings = {"query", "log"})
  void markerStandsForAnOrderThatIsTooLarge(String capture) {
    // Given
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1)");
    place(2, MANY_ITEMS);
    Map<String, String> settings =
        settings(capture, Map.of("oversized.event.handling.mode", "marker"));
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      // When
      List<SourceRecord> snapshot = run.records(2);
      shop.run("UPDATE orders SET status = 'PAID' WHERE id = 2");
      SourceRecord changed = run.records(1).get(0);
      shop.run("DELETE FROM order_items WHERE line_no > 1");
      SourceRecord smaller = run.records(1).get(0);

      // Then
      assertTrue(((Struct) of(snapshot, 1).value()).schema().field("items") != null);
      for (SourceRecord marker : List.of(of(snapshot, 2), changed)) {
        Struct value = (Struct) marker.value();
        assertEquals("orders", marker.topic());
        assertEquals("oversized", header(marker, "orderflow.kind"));
        assertEquals(header(marker, "orderflow.version"), value.get("version"));
        assertEquals("2", value.get("order_id"));
        assertEquals(MANY_ITEMS, value.get("item_count"));
        assertTrue(value.getInt64("size") > 1_000_000, value.toString());
        assertNull(value.schema().field("items"));
        assertNotNull(marker.timestamp());
      }
      assertEquals("PAID", ((Struct) smaller.value()).get("status"));
      assertEquals("change", header(smaller, "orderflow.kind"));
      assertEquals(2, run.metric("oversized-events-total"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"query", "log"})
  void taskStopsWithTheOrderAndTheFixAndContinuesAfterIt(String capture) {
    // Given
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1)");
    Map<String, String> settings = settings(capture, Map.of());
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      run.records(1);

      // When
      place(2, MANY_ITEMS);
      shop.run("INSERT INTO orders VALUES (3, 'NEW', 1)");
      ConnectException failure = assertThrows(ConnectException.class, () -> run.records(2));

      // Then
      String message = String.valueOf(failure.getMessage());
      for (String part :
          List.of(
              "event.max.bytes",
              "order 2 of public.orders",
              MANY_ITEMS + " items",
              "the maximum is 1000000",
              "producer.override.max.request.size",
              "max.message.bytes",
              "oversized.event.handling.mode=marker")) {
        assertTrue(message.contains(part), part + " is not in " + message);
      }
    }

    // When
    settings.put("oversized.event.handling.mode", "marker");
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      List<SourceRecord> records = run.records(2);

      // Then
      assertEquals("oversized", header(of(records, 2), "orderflow.kind"));
      assertNotNull(((Struct) of(records, 3).value()).schema().field("items"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "event.max.bytes, 5000000, '', '', false",
    "event.max.bytes, 900000, value.converter, org.apache.kafka.connect.json.JsonConverter, true",
    "event.max.bytes, 900000, value.converter, io.confluent.connect.avro.AvroConverter, false",
    "producer.override.max.request.size, 5000000, '', '', false",
    "producer.override.max.request.size, 5000000, event.max.bytes, 1000000, true"
  })
  void limitIsThatOfTheSettingsOrOfTheProducer(
      String key, String value, String otherKey, String otherValue, boolean refused) {
    // Given
    place(2, 20_000, 0);
    Map<String, String> settings =
        settings("query", Map.of("oversized.event.handling.mode", "marker", key, value));
    if (!otherKey.isEmpty()) {
      settings.put(otherKey, otherValue);
    }
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      // When
      SourceRecord record = run.records(1).get(0);

      // Then
      assertEquals(refused ? "oversized" : "snapshot", header(record, "orderflow.kind"));
    }
  }

  @Test
  void markersNeedATopicOfTheirOwnIfARegistryComparesSchemas() throws IOException {
    // Given
    place(1, 1);
    place(2, MANY_ITEMS);
    Map<String, String> settings =
        settings(
            "query",
            Map.of(
                "oversized.event.handling.mode", "marker",
                "oversized.event.topic", "large-orders"));
    try (CaptureRun run = new CaptureRun(settings, offsets);
        RegisteredEvents registered = new RegisteredEvents(Rule.BACKWARD)) {
      List<SourceRecord> records = run.records(2);
      SourceRecord order = of(records, 1);
      SourceRecord marker = of(records, 2);

      // When
      registered.write(order);
      Struct read = registered.read(registered.write(marker));

      // Then
      assertEquals("large-orders", marker.topic());
      assertEquals("2", read.get("order_id"));
      assertThrows(
          RuleViolationException.class,
          () ->
              registered.write(
                  marker.newRecord(
                      "orders",
                      null,
                      marker.keySchema(),
                      marker.key(),
                      marker.valueSchema(),
                      marker.value(),
                      marker.timestamp())));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "event.max.bytes, 0",
    "oversized.event.handling.mode, skip",
    "oversized.event.topic, a b"
  })
  void wrongSettingIsReported(String key, String value) {
    assertEquals(Set.of(key), Validation.findings(settings("query", Map.of(key, value))).keySet());
  }

  @Test
  void limitAboveThatOfTheProducerIsReported() {
    // Given
    Map<String, String> settings =
        settings(
            "query",
            Map.of("producer.override.max.request.size", "2000000", "event.max.bytes", "2000001"));

    // When
    Map<String, List<String>> findings = Validation.findings(settings);
    settings.put("event.max.bytes", "1900000");

    // Then
    assertTrue(findings.toString().contains("set at most 1900000"), findings.toString());
    assertEquals(Map.of(), Validation.findings(settings));
  }

  @Test
  void defaultLeavesRoomBelowTheProducersLimit() {
    // When
    long standard =
        new OrdersSourceConfig(settings("query", Map.of())).oversizedEvents().maxBytes();
    long raised =
        new OrdersSourceConfig(
                settings("query", Map.of("producer.override.max.request.size", "4000000")))
            .oversizedEvents()
            .maxBytes();

    // Then
    assertEquals(1_000_000, standard);
    assertEquals(3_800_000, raised);
  }

  private void place(int id, int items) {
    place(id, items, 600);
  }

  private void place(int id, int items, int characters) {
    shop.run(
        """
        INSERT INTO orders VALUES (%1$d, 'NEW', 1);
        INSERT INTO order_items
        SELECT %1$d, n, 'SKU-' || n || repeat('-', %3$d), n FROM generate_series(1, %2$d) n
        """
            .formatted(id, items, characters));
  }

  private Map<String, String> settings(String capture, Map<String, String> more) {
    return capture.equals("log") ? shop.logSettings(more) : shop.settings(more);
  }

  private static SourceRecord of(List<SourceRecord> records, long id) {
    return records.stream().filter(record -> record.key().equals(id)).findFirst().orElseThrow();
  }

  private static Object header(SourceRecord record, String name) {
    return record.headers().lastWithName(name).value();
  }
}
