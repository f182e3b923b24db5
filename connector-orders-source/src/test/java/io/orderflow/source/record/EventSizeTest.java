package io.orderflow.source.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.apicurio.registry.utils.converter.AvroConverter;
import io.orderflow.common.fixture.FakeRegistry;
import io.orderflow.source.config.ConverterForm;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sizes of random events, compared with what real converters write. */
@SuppressWarnings("JavaUtilDate") // Connect's logical types require it.
class EventSizeTest {

  private static final String CHARACTERS =
      "abcdefghijklmnopqrstuvwxyz 0123456789\"\\\n\u0001\u001fäß中😀";
  private static final int EVENTS = 300;

  /** What an event's size has beyond its value: the parts of the key and of the headers. */
  private static final long OVERHEAD = 800;

  /** A byte and the ID of the schema, which count as overhead. */
  private static final int REGISTRY_PREFIX = 9;

  /** Of the schema, of which each field is estimated. */
  private static final long OVERHEAD_PER_FIELD = 200;

  private static final Struct COMPOSITE_KEY =
      new Struct(SchemaBuilder.struct().field("a", Schema.STRING_SCHEMA).build())
          .put("a", "ten digits");

  private static FakeRegistry registry;

  private final Random random = new Random(7);

  @BeforeAll
  static void open() throws IOException {
    registry = new FakeRegistry();
  }

  @AfterAll
  static void close() {
    registry.close();
  }

  @ParameterizedTest
  @EnumSource(ConverterForm.class)
  void sizeIsAtLeastWhatTheConverterWritesAndLittleMore(ConverterForm form) {
    // Given
    Converter converter = converter(form);
    double share = form == ConverterForm.BINARY ? 1.6 : 1.15;
    for (int i = 0; i < EVENTS; i++) {
      Schema schema = struct(1 + random.nextInt(12), i % 2 == 0);
      RowStruct event = event(schema);
      Field items = schema.field("items");

      // When
      EventSize sizes =
          new EventSize(form, schema, items == null ? null : items.schema().valueSchema());
      long size = sizes.of(1L, event);
      int prefix = form == ConverterForm.BINARY ? REGISTRY_PREFIX : 0;
      long written = (long) converter.fromConnectData("topic-" + i, schema, event).length - prefix;

      // Then
      int fields =
          schema.fields().size()
              + (items == null ? 0 : items.schema().valueSchema().fields().size());
      assertTrue(
          written <= size - OVERHEAD, () -> written + " bytes, estimated " + size + ": " + event);
      assertTrue(
          size <= share * written + OVERHEAD + (double) OVERHEAD_PER_FIELD * fields,
          () -> written + " bytes, estimated " + size + ": " + event);
      assertTrue(size <= sizes.atMost(1L, event));
      assertEquals(size + 60, sizes.of("ten digits", event));
      assertTrue(sizes.of("ten digits", event) < sizes.of(COMPOSITE_KEY, event));
    }
  }

  private static Converter converter(ConverterForm form) {
    Converter converter =
        form == ConverterForm.BINARY ? new AvroConverter<GenericRecord>() : new JsonConverter();
    Map<String, Object> settings = new HashMap<>(registry.settings());
    settings.put("schemas.enable", form != ConverterForm.JSON);
    converter.configure(settings, false);
    return converter;
  }

  private Schema struct(int columns, boolean withItems) {
    SchemaBuilder builder =
        SchemaBuilder.struct().name("shop.order_" + withItems).version(1_234_567);
    for (int i = 0; i < columns; i++) {
      builder.field("column_" + i + "x".repeat(random.nextInt(40)), column());
    }
    if (withItems) {
      builder.field("items", SchemaBuilder.array(struct(1 + random.nextInt(6), false)).build());
    }
    return builder.build();
  }

  private Schema column() {
    SchemaBuilder type =
        switch (random.nextInt(9)) {
          case 0 -> SchemaBuilder.int64();
          case 1 -> SchemaBuilder.int32();
          case 2 -> SchemaBuilder.bool();
          case 3 -> SchemaBuilder.float64();
          case 4 -> SchemaBuilder.bytes();
          case 5 -> Decimal.builder(random.nextInt(30));
          case 6 -> Timestamp.builder();
          case 7 -> SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA);
          default -> SchemaBuilder.string();
        };
    return type.optional().build();
  }

  private RowStruct event(Schema schema) {
    return new RowStruct(
        schema, schema.fields().stream().map(field -> value(field.schema())).toArray());
  }

  private @Nullable Object value(Schema schema) {
    if (schema.isOptional() && random.nextInt(8) == 0) {
      return null;
    }
    if (Decimal.LOGICAL_NAME.equals(schema.name())) {
      int scale = Integer.parseInt(schema.parameters().get(Decimal.SCALE_FIELD));
      return new BigDecimal(new BigInteger(1 + random.nextInt(200), random), scale);
    }
    if (Timestamp.LOGICAL_NAME.equals(schema.name())) {
      return new Date(random.nextLong(4_000_000_000_000L));
    }
    return switch (schema.type()) {
      case INT64 -> random.nextLong();
      case INT32 -> random.nextInt();
      case BOOLEAN -> random.nextBoolean();
      case FLOAT64 -> random.nextGaussian() * 1e200;
      case BYTES -> bytes();
      case ARRAY -> list(schema.valueSchema());
      default -> text();
    };
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    return bytes;
  }

  private String text() {
    int[] points = CHARACTERS.codePoints().toArray();
    int letters = random.nextBoolean() ? 37 : points.length;
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(200); n > 0; n--) {
      text.appendCodePoint(points[random.nextInt(letters)]);
    }
    return text.toString();
  }

  private List<@Nullable Object> list(Schema element) {
    List<@Nullable Object> list = new ArrayList<>();
    for (int n = random.nextInt(20); n > 0; n--) {
      list.add(element.type() == Schema.Type.STRUCT ? event(element) : value(element));
    }
    return list;
  }
}
