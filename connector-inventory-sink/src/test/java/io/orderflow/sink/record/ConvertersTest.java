package io.orderflow.sink.record;

import static io.orderflow.sink.record.Records.record;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.apicurio.registry.utils.converter.AvroConverter;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.fixture.FakeRegistry;
import io.orderflow.sink.fixture.Updates;
import io.orderflow.sink.record.Fields.OrderFields;
import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.Update;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Order events as the usual converters deliver them. */
class ConvertersTest {

  private static final Schema ITEM =
      SchemaBuilder.struct()
          .name("shop.item")
          .field("sku", Schema.STRING_SCHEMA)
          .field("quantity", Schema.INT32_SCHEMA)
          .field("gift", Schema.OPTIONAL_BOOLEAN_SCHEMA)
          .build();

  private final UpdateReader reader = Records.reader(OrderIdType.BIGINT);

  @ParameterizedTest
  @ValueSource(strings = {"BASE64", "NUMERIC"})
  void jsonWithSchemasKeepsDecimals(String decimals) {
    // Given
    JsonConverter converter = json(true, decimals);

    // Then
    assertEquals(updates("12.50"), roundTrip(converter, order(Decimal.schema(2))));
  }

  @Test
  void jsonWithoutSchemasHasDecimalsAsTextOrShortNumbers() {
    // Given
    JsonConverter converter = json(false, "NUMERIC");

    // Then
    assertEquals(updates("12.50"), roundTrip(converter, order(Schema.STRING_SCHEMA)));
    assertEquals(updates("12.5"), roundTrip(converter, order(Decimal.schema(2))));
  }

  @Test
  void avroThroughARegistryKeepsAll() throws IOException {
    // Given
    try (FakeRegistry registry = new FakeRegistry();
        AvroConverter<GenericRecord> converter = new AvroConverter<>()) {
      converter.configure(registry.settings(), false);

      // Then
      assertEquals(updates("12.50"), roundTrip(converter, order(Decimal.schema(2))));
      assertEquals(updates("12.50"), roundTrip(converter, order(Schema.STRING_SCHEMA)));
    }
  }

  @Test
  void avroOfAnotherProducerMayHaveEnumsUnionsAndLogicalTypes() throws IOException {
    // Given
    org.apache.avro.Schema schema =
        new org.apache.avro.Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Order", "namespace": "shop", "fields": [
                  {"name": "id", "type": "int"},
                  {"name": "version", "type": ["null", "long"]},
                  {"name": "status", "type":
                    {"type": "enum", "name": "Status", "symbols": ["PENDING", "SHIPPED"]}},
                  {"name": "created_at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                  {"name": "total", "type": ["null",
                    {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}]},
                  {"name": "currency", "type": ["null", "string"], "default": null},
                  {"name": "items", "type": {"type": "array", "items":
                    {"type": "record", "name": "Item", "fields": [
                      {"name": "sku", "type": "string"},
                      {"name": "quantity", "type": "int"}]}}}]}
                """);
    org.apache.avro.Schema item = schema.getField("items").schema().getElementType();
    GenericRecord order = new GenericData.Record(schema);
    order.put("id", 5);
    order.put("version", 7L);
    order.put("status", new GenericData.EnumSymbol(schema.getField("status").schema(), "PENDING"));
    order.put("created_at", 1_700_000_000_000L);
    order.put("total", ByteBuffer.wrap(new BigDecimal("12.50").unscaledValue().toByteArray()));
    order.put("currency", "EUR");
    order.put("items", List.of(avroItem(item, "apple", 2), avroItem(item, "pear", 1)));

    // When
    List<Update> updates;
    try (FakeRegistry registry = new FakeRegistry();
        AvroKafkaSerializer<GenericRecord> serializer = new AvroKafkaSerializer<>();
        AvroConverter<GenericRecord> converter = new AvroConverter<>()) {
      serializer.configure(registry.settings(), false);
      converter.configure(registry.settings(), false);
      Object value =
          converter.toConnectData("orders", serializer.serialize("orders", order)).value();
      updates = reader.read(record("orders", null, value));
    }

    // Then
    assertEquals(updates("12.50"), updates);
  }

  /** Protobuf's converters deliver wrappers as structs, and unset fields as empty text. */
  @Test
  void wrappersOfProtobufAreReadByPathAndWhatIsNotSetIsAbsent() {
    // Given
    Schema wrapper = SchemaBuilder.struct().optional().field("value", Schema.STRING_SCHEMA).build();
    Schema schema =
        SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("version", Schema.INT32_SCHEMA)
            .field("status", Schema.STRING_SCHEMA)
            .field("total", wrapper)
            .field("currency", Schema.STRING_SCHEMA)
            .field("items", SchemaBuilder.array(ITEM).build())
            .build();
    Struct order =
        new Struct(schema)
            .put("id", 5L)
            .put("version", 7)
            .put("status", "PENDING")
            .put("currency", "")
            .put("items", List.of(item("apple", 2), item("pear", 1)));
    OrderFields plain = Fields.defaults().order();
    OrderFields fields =
        new OrderFields(
            plain.id(),
            plain.version(),
            plain.status(),
            plain.items(),
            FieldPath.of("total.value"),
            plain.currency());
    UpdateReader wrapped =
        Records.reader(
            new Fields(fields, Fields.defaults().inventory(), Fields.defaults().payment()),
            Map.of("PENDING", Intent.RESERVE),
            OrderIdType.BIGINT);

    // Then
    assertEquals(updates("12.50").subList(0, 1), wrapped.read(record("orders", 5L, order)));
    order.put("total", new Struct(wrapper).put("value", "12.50"));
    assertEquals(
        new AmountDue(5L, 7, new BigDecimal("12.50"), null),
        wrapped.read(record("orders", 5L, order)).get(1));
  }

  private List<Update> roundTrip(Converter converter, Struct order) {
    byte[] bytes = converter.fromConnectData("orders", order.schema(), order);
    return reader.read(record("orders", 5L, converter.toConnectData("orders", bytes).value()));
  }

  private static JsonConverter json(boolean schemas, String decimals) {
    JsonConverter converter = new JsonConverter();
    converter.configure(
        Map.of("schemas.enable", String.valueOf(schemas), "decimal.format", decimals), false);
    return converter;
  }

  private static Struct order(Schema amount) {
    Schema schema =
        SchemaBuilder.struct()
            .name("shop.order")
            .field("id", Schema.INT64_SCHEMA)
            .field("version", Schema.INT64_SCHEMA)
            .field("status", Schema.STRING_SCHEMA)
            .field("created_at", Timestamp.SCHEMA)
            .field("note", Schema.OPTIONAL_STRING_SCHEMA)
            .field("total", amount)
            .field("currency", Schema.OPTIONAL_STRING_SCHEMA)
            .field("items", SchemaBuilder.array(ITEM).build())
            .build();
    return new Struct(schema)
        .put("id", 5L)
        .put("version", 7L)
        .put("status", "PENDING")
        .put("created_at", Date.from(Instant.EPOCH))
        .put("total", amount.type() == Schema.Type.STRING ? "12.50" : new BigDecimal("12.50"))
        .put("currency", "EUR")
        .put("items", List.of(item("apple", 2), item("pear", 1)));
  }

  private static Struct item(String sku, int quantity) {
    return new Struct(ITEM).put("sku", sku).put("quantity", quantity);
  }

  private static GenericRecord avroItem(org.apache.avro.Schema schema, String sku, int quantity) {
    GenericRecord item = new GenericData.Record(schema);
    item.put("sku", sku);
    item.put("quantity", quantity);
    return item;
  }

  private static List<Update> updates(String amount) {
    return List.of(
        Updates.of(5L, 7, Intent.RESERVE, new TreeMap<>(Map.of("apple", 2L, "pear", 1L))),
        new AmountDue(5L, 7, new BigDecimal(amount), "EUR"));
  }
}
