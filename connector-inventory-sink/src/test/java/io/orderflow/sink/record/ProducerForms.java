package io.orderflow.sink.record;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.jspecify.annotations.Nullable;

/** The forms in which producers and converters write the same contents; chosen at random. */
final class ProducerForms {

  /** A content with its schema. */
  record Content(Schema schema, @Nullable Object value) {}

  /** Of a field. */
  record Named(String name, Content content) {}

  private static final Schema VARIABLE_SCALE =
      SchemaBuilder.struct()
          .name("io.debezium.data.VariableScaleDecimal")
          .optional()
          .field("scale", Schema.INT32_SCHEMA)
          .field("value", Schema.BYTES_SCHEMA)
          .build();

  static final JsonConverter JSON = converter("false", "NUMERIC");
  static final JsonConverter JSON_WITH_SCHEMAS = converter("true", "BASE64");

  private final Random random;

  ProducerForms(Random random) {
    this.random = random;
  }

  private static JsonConverter converter(String schemas, String decimals) {
    JsonConverter converter = new JsonConverter();
    // Otherwise the converter replaces a null by the default of its schema.
    converter.configure(
        Map.of(
            "schemas.enable",
            schemas,
            "decimal.format",
            decimals,
            "replace.null.with.default",
            "false"),
        false);
    return converter;
  }

  /** A number that must be whole: a version, a quantity or an ID. */
  Content whole(long number) {
    List<Content> forms = new ArrayList<>(decimals(BigDecimal.valueOf(number)));
    forms.add(new Content(Schema.OPTIONAL_INT64_SCHEMA, number));
    if (number == (int) number) {
      forms.add(new Content(Schema.OPTIONAL_INT32_SCHEMA, (int) number));
    }
    if (number == (short) number) {
      forms.add(new Content(Schema.OPTIONAL_INT16_SCHEMA, (short) number));
      forms.add(new Content(Schema.OPTIONAL_FLOAT32_SCHEMA, (float) number));
    }
    if (number == (byte) number) {
      forms.add(new Content(Schema.OPTIONAL_INT8_SCHEMA, (byte) number));
    }
    forms.add(text(number + "e0"));
    return any(forms);
  }

  /** A number of at most 15 digits. */
  Content decimal(@Nullable BigDecimal number) {
    return number == null
        ? new Content(
            Decimal.builder(2).optional().defaultValue(new BigDecimal("9.99")).build(), null)
        : any(decimals(number));
  }

  /** Debezium's decimal.handling.mode precise, with and without a scale, string and double. */
  private List<Content> decimals(BigDecimal number) {
    BigDecimal more = number.setScale(number.scale() + random.nextInt(3));
    return List.of(
        new Content(Decimal.builder(more.scale()).optional().build(), more),
        new Content(VARIABLE_SCALE, variableScale(more)),
        text(more.toPlainString()),
        new Content(Schema.OPTIONAL_FLOAT64_SCHEMA, number.doubleValue()));
  }

  private Object variableScale(BigDecimal number) {
    byte[] unscaled = number.unscaledValue().toByteArray();
    return new Struct(VARIABLE_SCALE)
        .put("scale", number.scale())
        .put("value", random.nextBoolean() ? unscaled : ByteBuffer.wrap(unscaled));
  }

  Content id(Object id) {
    return id instanceof Long number ? whole(number) : text(id.toString());
  }

  Content text(@Nullable String text) {
    return new Content(SchemaBuilder.string().optional().defaultValue("default").build(), text);
  }

  Content currency(@Nullable String code) {
    return text(code == null || random.nextBoolean() ? code : code.toLowerCase(Locale.ROOT));
  }

  /** Items as an array, as JSON text, or as an array of JSON texts. */
  Content items(List<LogicalEvent.Line> lines) {
    // An array has one schema, so that all items have the same form.
    long seed = random.nextLong();
    List<Content> items = new ArrayList<>();
    for (LogicalEvent.Line line : lines) {
      ProducerForms same = new ProducerForms(new Random(seed));
      items.add(
          struct(
              List.of(
                  new Named("sku", text(line.sku())),
                  new Named("quantity", same.quantity(line.quantity())))));
    }
    return switch (items.stream().map(Content::schema).distinct().count() > 1
        ? 0
        : random.nextInt(3)) {
      case 0 ->
          new Content(
              SchemaBuilder.array(Schema.STRING_SCHEMA).optional().build(),
              items.stream().map(this::jsonText).toList());
      case 1 -> text("[" + String.join(", ", items.stream().map(this::jsonText).toList()) + "]");
      default ->
          new Content(
              SchemaBuilder.array(items.isEmpty() ? Schema.STRING_SCHEMA : items.get(0).schema())
                  .optional()
                  .build(),
              items.stream().map(Content::value).toList());
    };
  }

  private Content quantity(@Nullable BigDecimal quantity) {
    return quantity == null || quantity.stripTrailingZeros().scale() > 0
        ? decimal(quantity)
        : whole(quantity.longValueExact());
  }

  private String jsonText(Content content) {
    return new String(
        JSON.fromConnectData("items", content.schema(), content.value()), StandardCharsets.UTF_8);
  }

  static Content struct(List<Named> fields) {
    SchemaBuilder schema = SchemaBuilder.struct().optional();
    fields.forEach(field -> schema.field(field.name(), field.content().schema()));
    Struct struct = new Struct(schema.build());
    fields.forEach(field -> struct.put(field.name(), field.content().value()));
    return new Content(struct.schema(), struct);
  }

  private <T> T any(List<T> forms) {
    return forms.get(random.nextInt(forms.size()));
  }
}
