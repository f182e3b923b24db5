package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Postgres;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Cast;
import org.apache.kafka.connect.transforms.DropHeaders;
import org.apache.kafka.connect.transforms.ExtractField;
import org.apache.kafka.connect.transforms.Filter;
import org.apache.kafka.connect.transforms.Flatten;
import org.apache.kafka.connect.transforms.HeaderFrom;
import org.apache.kafka.connect.transforms.HoistField;
import org.apache.kafka.connect.transforms.InsertField;
import org.apache.kafka.connect.transforms.InsertHeader;
import org.apache.kafka.connect.transforms.MaskField;
import org.apache.kafka.connect.transforms.RegexRouter;
import org.apache.kafka.connect.transforms.ReplaceField;
import org.apache.kafka.connect.transforms.SetSchemaMetadata;
import org.apache.kafka.connect.transforms.TimestampConverter;
import org.apache.kafka.connect.transforms.TimestampRouter;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.ValueToKey;
import org.apache.kafka.connect.transforms.predicates.HasHeaderKey;
import org.apache.kafka.connect.transforms.predicates.Predicate;
import org.apache.kafka.connect.transforms.predicates.RecordIsTombstone;
import org.apache.kafka.connect.transforms.predicates.TopicNameMatches;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connect's own transformations, on a record of each kind from both captures. */
@SuppressWarnings("JavaUtilDate") // Connect's logical types require it.
class TransformationsTest {

  private static final Predicate<SourceRecord> TOMBSTONE = new RecordIsTombstone<>();
  private static final Predicate<SourceRecord> EVENTS = topic("orders");

  private static final Map<String, RecordKinds> RECORDS = new HashMap<>();

  /**
   * A transformation with its predicate.
   *
   * @param result what shows that the order's event was transformed
   */
  private record Step(
      Transformation<SourceRecord> transformation,
      Map<String, ?> settings,
      java.util.function.Predicate<SourceRecord> when,
      Function<SourceRecord, Object> result,
      Object expected) {

    SourceRecord apply(SourceRecord record) {
      transformation.configure(settings);
      return when.test(record) ? transformation.apply(record) : record;
    }
  }

  @BeforeAll
  static void capture() {
    RECORDS.put("query", RecordKinds.of(Postgres.newShop(), "query"));
    RECORDS.put("log", RecordKinds.of(Postgres.newShop(), "log"));
  }

  private static Map<String, Step> steps() {
    Map<String, Step> steps = new HashMap<>();
    steps.put(
        "TimestampRouter",
        always(
            new TimestampRouter<>(),
            Map.of("topic.format", "${topic}-${timestamp}", "timestamp.format", "yyyy"),
            record -> record.topic().matches("orders-\\d{4}"),
            true));
    steps.put(
        "RegexRouter",
        always(
            new RegexRouter<>(),
            Map.of("regex", "(.*)", "replacement", "eu.$1"),
            SourceRecord::topic,
            "eu.orders"));
    steps.put(
        "InsertField$Value",
        always(
            new InsertField.Value<>(),
            Map.of("timestamp.field", "at", "topic.field", "topic"),
            record -> ((Date) field(record, "at")).getTime() == record.timestamp(),
            true));
    steps.put(
        "InsertHeader",
        always(
            new InsertHeader<>(),
            Map.of("header", "shop", "value.literal", "eu"),
            record -> record.headers().lastWithName("shop").value(),
            "eu"));
    steps.put(
        "DropHeaders",
        always(
            new DropHeaders<>(),
            Map.of("headers", "orderflow.offset"),
            record -> record.headers().lastWithName("orderflow.offset") == null,
            true));
    steps.put(
        "TimestampConverter$Value",
        always(
            new TimestampConverter.Value<>(),
            Map.of("field", "placed", "target.type", "unix"),
            record -> field(record, "placed") instanceof Long,
            true));
    steps.put(
        "ReplaceField$Value",
        always(
            new ReplaceField.Value<>(),
            Map.of("renames", "status:state", "exclude", "total"),
            record -> field(record, "state"),
            "PAID"));
    steps.put(
        "Flatten$Value",
        // An array stays as it is.
        always(new Flatten.Value<>(), Map.of(), record -> field(record, "status"), "PAID"));
    steps.put(
        "Cast$Value",
        always(
            new Cast.Value<>(),
            Map.of("spec", "id:string,total:string"),
            record -> field(record, "total"),
            "12.50"));
    steps.put(
        "HoistField$Value",
        always(
            new HoistField.Value<>(),
            Map.of("field", "order"),
            record -> ((Struct) field(record, "order")).get("status"),
            "PAID"));
    steps.put(
        "HoistField$Key",
        always(
            new HoistField.Key<>(),
            Map.of("field", "id"),
            record -> ((Struct) record.key()).get("id"),
            1L));
    steps.put(
        "SetSchemaMetadata$Value",
        always(
            new SetSchemaMetadata.Value<>(),
            Map.of("schema.name", "com.shop.Order"),
            record -> record.valueSchema().name(),
            "com.shop.Order"));
    steps.put(
        "MaskField$Value",
        new Step(
            new MaskField.Value<>(),
            Map.of("fields", "status", "replacement", "*"),
            record -> !TOMBSTONE.test(record),
            record -> field(record, "status"),
            "*"));
    steps.put(
        "ExtractField$Value",
        new Step(
            new ExtractField.Value<>(),
            Map.of("field", "status"),
            record -> EVENTS.test(record) && record.valueSchema() != null,
            SourceRecord::value,
            "PAID"));
    return steps;
  }

  private static Step always(
      Transformation<SourceRecord> transformation,
      Map<String, ?> settings,
      Function<SourceRecord, Object> result,
      Object expected) {
    return new Step(transformation, settings, record -> true, result, expected);
  }

  static Stream<Arguments> cases() {
    return Stream.of("query", "log")
        .flatMap(capture -> steps().keySet().stream().map(name -> Arguments.of(capture, name)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyRecordPassesTheTransformation(String capture, String name) {
    // Given
    RecordKinds records = Objects.requireNonNull(RECORDS.get(capture));
    Step step = Objects.requireNonNull(steps().get(name));

    // When
    List<SourceRecord> transformed = records.all().stream().map(step::apply).toList();

    // Then
    transformed.forEach(TransformationsTest::convert);
    assertEquals(step.expected(), step.result().apply(step.apply(records.change())));
    assertEquals(records.delete().timestamp(), transformed.get(2).timestamp());
  }

  /** No predicate of Connect excludes tombstones and heartbeats, but a header can mark the rest. */
  @ParameterizedTest
  @ValueSource(strings = {"query", "log"})
  void markedOrdersPassTransformationsOfTheirFields(String capture) {
    // Given
    RecordKinds records = Objects.requireNonNull(RECORDS.get(capture));
    Predicate<SourceRecord> heartbeat = topic("orderflow-heartbeat");
    Predicate<SourceRecord> marked = new HasHeaderKey<>();
    marked.configure(Map.of("name", "order"));
    Transformation<SourceRecord> mark =
        configured(new InsertHeader<>(), "header", "order", "value.literal", "1");
    Transformation<SourceRecord> unmark = configured(new DropHeaders<>(), "headers", "order");
    Transformation<SourceRecord> key = configured(new ValueToKey<>(), "fields", "status");
    Transformation<SourceRecord> header =
        configured(
            new HeaderFrom.Value<>(), "fields", "status", "headers", "status", "operation", "copy");
    List<SourceRecord> transformed = new ArrayList<>();

    // When
    for (SourceRecord record : records.all()) {
      SourceRecord next = TOMBSTONE.test(record) ? record : mark.apply(record);
      next = heartbeat.test(next) ? unmark.apply(next) : next;
      next = marked.test(next) ? header.apply(key.apply(next)) : next;
      transformed.add(unmark.apply(next));
    }

    // Then
    transformed.forEach(TransformationsTest::convert);
    assertEquals("PAID", ((Struct) transformed.get(1).key()).get("status"));
    assertEquals("PAID", transformed.get(1).headers().lastWithName("status").value());
    assertEquals(records.delete().key(), transformed.get(2).key());
    assertEquals(records.heartbeat().key(), transformed.get(3).key());
  }

  @Test
  void transformationsThatRefuseTombstonesAreThoseOfThePage() {
    // Given
    SourceRecord delete = Objects.requireNonNull(RECORDS.get("log")).delete();

    // When, then
    for (Transformation<SourceRecord> refusing :
        List.<Transformation<SourceRecord>>of(
            configured(new MaskField.Value<>(), "fields", "status"),
            configured(new ValueToKey<>(), "fields", "status"),
            configured(
                new HeaderFrom.Value<>(),
                "fields",
                "status",
                "headers",
                "status",
                "operation",
                "copy"))) {
      assertThrows(DataException.class, () -> refusing.apply(delete), refusing.toString());
    }
  }

  @Test
  void filterOfTombstonesKeepsHeartbeats() {
    // Given
    Filter<SourceRecord> filter = new Filter<>();
    for (RecordKinds records : RECORDS.values()) {
      // When
      List<SourceRecord> kept =
          records.all().stream().filter(record -> !TOMBSTONE.test(record)).toList();

      // Then
      assertTrue(kept.contains(records.heartbeat()));
      assertEquals(3, kept.size());
      assertEquals(null, filter.apply(records.delete()));
    }
  }

  private static Transformation<SourceRecord> configured(
      Transformation<SourceRecord> transformation, String... settings) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      map.put(settings[i], settings[i + 1]);
    }
    transformation.configure(map);
    return transformation;
  }

  private static Predicate<SourceRecord> topic(String name) {
    Predicate<SourceRecord> predicate = new TopicNameMatches<>();
    predicate.configure(Map.of("pattern", name));
    return predicate;
  }

  private static Object field(SourceRecord record, String name) {
    return ((Struct) record.value()).get(name);
  }

  /** Converts a record as a worker does. */
  private static void convert(SourceRecord record) {
    try (JsonConverter keys = new JsonConverter();
        JsonConverter values = new JsonConverter()) {
      keys.configure(Map.of(), true);
      values.configure(Map.of(), false);
      assertNotNull(keys.fromConnectData(record.topic(), record.keySchema(), record.key()));
      byte[] value = values.fromConnectData(record.topic(), record.valueSchema(), record.value());
      assertEquals(record.value() == null, value == null);
    }
  }
}
