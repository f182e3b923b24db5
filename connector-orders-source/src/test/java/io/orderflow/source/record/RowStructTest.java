package io.orderflow.source.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Cast;
import org.apache.kafka.connect.transforms.ReplaceField;
import org.junit.jupiter.api.Test;

/** A RowStruct behaves as a Struct does. */
class RowStructTest {

  private static final Schema SCHEMA =
      SchemaBuilder.struct()
          .field("tiny", Schema.INT8_SCHEMA)
          .field("small", Schema.INT16_SCHEMA)
          .field("count", Schema.INT32_SCHEMA)
          .field("large", Schema.INT64_SCHEMA)
          .field("real", Schema.FLOAT32_SCHEMA)
          .field("precise", Schema.FLOAT64_SCHEMA)
          .field("flag", Schema.BOOLEAN_SCHEMA)
          .field("text", Schema.STRING_SCHEMA)
          .field("bytes", Schema.BYTES_SCHEMA)
          .field("list", SchemaBuilder.array(Schema.STRING_SCHEMA).build())
          .field("none", Schema.OPTIONAL_STRING_SCHEMA)
          .field("given", SchemaBuilder.int32().defaultValue(7).optional().build())
          .build();

  private static Object[] values() {
    return new Object[] {
      (byte) 1, (short) 2, 3, 4L, 5f, 6d, true, "t", new byte[] {1}, List.of("a"), null, null
    };
  }

  private final Struct row = new RowStruct(SCHEMA, values());
  private final Struct plain = plain();

  private static Struct plain() {
    Struct struct = new Struct(SCHEMA);
    Object[] values = values();
    for (Field field : SCHEMA.fields()) {
      struct.put(field, values[field.index()]);
    }
    return struct;
  }

  @Test
  void typedGettersReturnTheSameAsThoseOfStruct() {
    // Then
    assertEquals(plain.getInt8("tiny"), row.getInt8("tiny"));
    assertEquals(plain.getInt16("small"), row.getInt16("small"));
    assertEquals(plain.getInt32("count"), row.getInt32("count"));
    assertEquals(plain.getInt64("large"), row.getInt64("large"));
    assertEquals(plain.getFloat32("real"), row.getFloat32("real"));
    assertEquals(plain.getFloat64("precise"), row.getFloat64("precise"));
    assertEquals(plain.getBoolean("flag"), row.getBoolean("flag"));
    assertEquals(plain.getString("text"), row.getString("text"));
    assertArrayEquals(plain.getBytes("bytes"), row.getBytes("bytes"));
    assertEquals(plain.<String>getArray("list"), row.<String>getArray("list"));
    assertEquals(plain.get("given"), row.get("given"));
    assertNull(row.getWithoutDefault("given"));
    assertNull(row.getString("none"));
  }

  @Test
  void wrongNamesAndTypesAreRefused() {
    // Then
    assertThrows(DataException.class, () -> row.getInt32("text"));
    assertThrows(DataException.class, () -> row.get("other"));
    assertThrows(DataException.class, () -> row.put("text", 5));
    assertThrows(DataException.class, () -> row.put("other", 5));
  }

  @Test
  void isEqualByItsValues() {
    // Given
    Struct same = new RowStruct(SCHEMA, values());

    // When
    Struct changed = new RowStruct(SCHEMA, values()).put("text", "u");

    // Then
    assertEquals(same, row);
    assertEquals(same.hashCode(), row.hashCode());
    assertEquals("u", changed.get("text"));
    assertEquals(false, changed.equals(row));
  }

  @Test
  void convertersAndTransformationsAcceptIt() {
    try (JsonConverter json = new JsonConverter();
        ReplaceField.Value<SourceRecord> replace = new ReplaceField.Value<>();
        Cast.Value<SourceRecord> cast = new Cast.Value<>()) {
      // Given
      json.configure(Map.of("schemas.enable", "false"), false);
      replace.configure(new HashMap<>(Map.of("exclude", "bytes")));
      cast.configure(new HashMap<>(Map.of("spec", "count:string")));

      // When
      Struct replaced = (Struct) replace.apply(record(row)).value();
      Struct casted = (Struct) cast.apply(record(row)).value();

      // Then
      assertEquals(
          new String(json.fromConnectData("t", SCHEMA, plain), StandardCharsets.UTF_8),
          new String(json.fromConnectData("t", SCHEMA, row), StandardCharsets.UTF_8));
      assertEquals("t", replaced.get("text"));
      assertEquals("3", casted.get("count"));
      row.validate();
    }
  }

  private static SourceRecord record(Struct value) {
    return new SourceRecord(Map.of(), Map.of(), "t", SCHEMA, value);
  }
}
