package io.orderflow.source.record;

import io.orderflow.source.config.ConverterForm;
import java.math.BigDecimal;
import java.util.Date;
import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of events of one schema, as a converter writes them: at least what it does, and little
 * more. A record's key, headers and the overhead of its batch count too, as the producer counts
 * them.
 */
@SuppressWarnings("JavaUtilDate") // Connect's logical types require it.
final class EventSize {

  /** The headers, a batch of one record, and what a registry's converter adds. */
  private static final long RECORD_OVERHEAD = 600;

  /** A key, or a field of one, of a number with its schema; text counts in addition. */
  private static final long KEY_OVERHEAD = 200;

  /** More than any value without a length takes, the punctuation of JSON included. */
  private static final long MAX_SCALAR = 40;

  /** Six bytes for a character: a control character in JSON. */
  private static final long MAX_CHARACTER = 6;

  private final ConverterForm form;
  private final long ofSchema;
  private final RowSize order;
  private final @Nullable RowSize item;

  /**
   * An estimate for rows of one struct. Most columns have values without a length, which need not
   * be looked at: this is computed for each event.
   *
   * @param fixed the size of a row apart from the values that have a length
   * @param variable indexes of the fields whose values have a length
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared, and read for each event.
  private record RowSize(long fixed, int[] variable) {

    static RowSize of(Schema struct) {
      long names =
          struct.fields().stream().mapToLong(field -> JsonText.size(field.name()) + 2).sum();
      int[] variable =
          struct.fields().stream()
              .filter(field -> hasLength(field.schema().type()))
              .mapToInt(Field::index)
              .toArray();
      long others = (long) struct.fields().size() - variable.length;
      return new RowSize(MAX_SCALAR + names + MAX_SCALAR * others, variable);
    }

    private static boolean hasLength(Schema.Type type) {
      return switch (type) {
        case STRING, BYTES, ARRAY, MAP, STRUCT -> true;
        case INT8, INT16, INT32, INT64, FLOAT32, FLOAT64, BOOLEAN -> false;
      };
    }
  }

  /**
   * Sizes of events of a schema.
   *
   * @param item null if events have no items
   */
  EventSize(ConverterForm form, Schema value, @Nullable Schema item) {
    this.form = form;
    this.ofSchema =
        form == ConverterForm.JSON || form == ConverterForm.BINARY ? 0 : JsonSchemaSize.of(value);
    this.order = RowSize.of(value);
    this.item = item == null ? null : RowSize.of(item);
  }

  /** A quick estimate, which is never less than {@link #of}. */
  long atMost(Object key, RowStruct event) {
    return RECORD_OVERHEAD + ofKey(key) + ofSchema + atMost(order, event);
  }

  private long atMost(RowSize size, RowStruct row) {
    long sum = size.fixed();
    for (int index : size.variable()) {
      sum += atMost(row.values()[index]);
    }
    return sum;
  }

  private long atMost(@Nullable Object value) {
    if (value instanceof String text) {
      return MAX_SCALAR + MAX_CHARACTER * text.length();
    }
    if (value instanceof BigDecimal number) {
      return MAX_SCALAR + 2L * number.precision() + Math.abs((long) number.scale());
    }
    if (value instanceof byte[] bytes) {
      return MAX_SCALAR + 2L * bytes.length;
    }
    if (value instanceof List<?> list) {
      long sum = MAX_SCALAR;
      for (Object element : list) {
        sum += atMost(element);
      }
      return sum;
    }
    RowSize size = item;
    return size != null && value instanceof RowStruct row ? atMost(size, row) : MAX_SCALAR;
  }

  /** The size in bytes of a record with a key as Connect gets it. */
  long of(Object key, RowStruct event) {
    return RECORD_OVERHEAD
        + ofKey(key)
        + ofSchema
        + (form == ConverterForm.BINARY ? binary(event) : json(event.schema(), event));
  }

  private static long ofKey(Object key) {
    if (key instanceof Struct composite) {
      return KEY_OVERHEAD
          + composite.schema().fields().stream()
              .mapToLong(
                  field ->
                      KEY_OVERHEAD + JsonText.size(field.name()) + ofText(composite.get(field)))
              .sum();
    }
    return KEY_OVERHEAD + ofText(key);
  }

  private static long ofText(Object value) {
    return value instanceof String text ? MAX_CHARACTER * text.length() : 0;
  }

  private static long json(Schema schema, @Nullable Object value) {
    if (value instanceof RowStruct row) {
      long sum = 2;
      for (Field field : schema.fields()) {
        // The colon and a comma.
        sum += JsonText.size(field.name()) + 2 + json(field.schema(), row.values()[field.index()]);
      }
      return sum;
    }
    if (value instanceof List<?> list) {
      long sum = 2;
      for (Object element : list) {
        sum += 1 + json(schema.valueSchema(), element);
      }
      return sum;
    }
    return JsonText.sizeOfScalar(value);
  }

  /**
   * Avro and Protobuf: numbers of varying length, and two bytes for the union of an optional field
   * or for a field's number.
   */
  private static long binary(@Nullable Object value) {
    if (value instanceof RowStruct row) {
      long sum = 4;
      for (@Nullable Object each : row.values()) {
        sum += 2 + binary(each);
      }
      return sum;
    }
    if (value instanceof List<?> list) {
      long sum = 8;
      for (Object element : list) {
        sum += 2 + binary(element);
      }
      return sum;
    }
    if (value instanceof String text) {
      long bytes = JsonText.utf8(text);
      return number(bytes) + bytes;
    }
    if (value instanceof byte[] bytes) {
      return number(bytes.length) + bytes.length;
    }
    if (value instanceof BigDecimal number) {
      // Protobuf also writes precision and scale.
      return 12L + number.unscaledValue().bitLength() / 8;
    }
    if (value instanceof Float || value instanceof Double) {
      return 8;
    }
    // Protobuf writes a time as a struct of seconds and nanoseconds.
    return value instanceof Number whole
        ? number(whole.longValue())
        : value instanceof Date ? 16 : 1;
  }

  /**
   * A whole number: seven bits in each byte, and the sign; Protobuf's negative numbers take ten.
   */
  private static long number(long value) {
    return value < 0 ? 10 : 1 + (64 - Long.numberOfLeadingZeros(value)) / 7;
  }

  /** The size of a JSON schema, as Connect's JsonConverter writes it around each event. */
  static final class JsonSchemaSize {

    /** More than the names and punctuation of a field's schema: type, optional, field. */
    private static final long FIELD = 90;

    /** More than those of a schema with a name: name, version and a parameter. */
    private static final long NAMED = 90;

    private JsonSchemaSize() {}

    static long of(Schema schema) {
      long sum = FIELD;
      if (schema.name() != null) {
        sum += NAMED + JsonText.size(schema.name());
      }
      if (schema.type() == Schema.Type.STRUCT) {
        for (Field field : schema.fields()) {
          sum += JsonText.size(field.name()) + of(field.schema());
        }
      } else if (schema.type() == Schema.Type.ARRAY) {
        sum += of(schema.valueSchema());
      }
      return sum;
    }
  }
}
