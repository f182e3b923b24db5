package io.orderflow.sink.record;

import io.orderflow.common.database.OrderIdType;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the order ID of records of one role: from a field of the value, from the key, or from both,
 * which must then be equal.
 *
 * <p>A key is the order ID itself, or a struct or map that contains it at the same path as the
 * value, or as its only field. Any other struct or map is ignored.
 *
 * @param path of the order ID
 */
record OrderIdReader(FieldPath path, OrderIdType type) {

  private static final String EXPECTED = "an order ID";

  Object ofValue(SinkRecord record, Row value) {
    Object inKey = inKey(record);
    Object inValue = value.find(path);
    if (inValue == null) {
      return inKey == null ? value.required(path, EXPECTED) : keyId(record, inKey);
    }
    Object id = valueId(value, inValue);
    if (inKey != null && !keyId(record, inKey).equals(id)) {
      throw new FieldError(
              "the same order ID as in " + path,
              "another one",
              "Create the key from that field, with the transformations ValueToKey and"
                  + " ExtractField$Key.")
          .at(Coordinates.of(record), keyPath(record));
    }
    return id;
  }

  Object ofKey(SinkRecord record) {
    Object inKey = inKey(record);
    if (inKey == null) {
      throw noKey(record);
    }
    return keyId(record, inKey);
  }

  /** The type of the order ID in a record; the value takes precedence over the key. */
  static OrderIdType typeOf(SinkRecord record, FieldPath path) {
    OrderIdReader reader = new OrderIdReader(path, OrderIdType.TEXT);
    Row value = record.value() == null ? null : Row.ofValue(record);
    Object inValue = value == null ? null : value.find(path);
    if (inValue != null) {
      return typeOf(inValue, record, path.name());
    }
    Object inKey = reader.inKey(record);
    if (inKey != null) {
      return typeOf(inKey, record, reader.keyPath(record));
    }
    throw value == null ? noKey(record) : value.missing(path, EXPECTED);
  }

  private static OrderIdType typeOf(Object content, SinkRecord record, String path) {
    try {
      return OrderIds.typeOf(content);
    } catch (FieldError error) {
      throw error.at(Coordinates.of(record), path);
    }
  }

  private static BadRecordException noKey(SinkRecord record) {
    return new FieldError(
            EXPECTED,
            record.key() == null ? "null" : TypeNames.of(record.key()) + " without it",
            "Write the topic with the order ID as key, since a tombstone has no value.")
        .at(Coordinates.of(record), "key");
  }

  private Object valueId(Row value, Object content) {
    try {
      return OrderIds.of(content, type);
    } catch (FieldError error) {
      throw value.bad(path, error);
    }
  }

  private Object keyId(SinkRecord record, Object content) {
    try {
      return OrderIds.of(content, type);
    } catch (FieldError error) {
      throw error.at(Coordinates.of(record), keyPath(record));
    }
  }

  /** The order ID in the key; null if the key has none. */
  private @Nullable Object inKey(SinkRecord record) {
    Object key = record.key();
    if (!FieldPath.isContainer(key)) {
      return key;
    }
    Object named = path.in(key);
    return named == null ? onlyContent(key) : named;
  }

  /** The content of a key with one field; null if it has several. */
  private static @Nullable Object onlyContent(Object key) {
    if (key instanceof Struct struct) {
      List<Field> fields = struct.schema().fields();
      return fields.size() == 1 ? struct.get(fields.get(0)) : null;
    }
    Map<?, ?> map = (Map<?, ?>) key;
    return map.size() == 1 ? map.values().iterator().next() : null;
  }

  private String keyPath(SinkRecord record) {
    Object key = record.key();
    if (!FieldPath.isContainer(key)) {
      return "key";
    }
    return "key." + (path.in(key) == null ? onlyName(key) : path.name());
  }

  private static String onlyName(Object key) {
    return key instanceof Struct struct
        ? struct.schema().fields().get(0).name()
        : TypeNames.printable(String.valueOf(((Map<?, ?>) key).keySet().iterator().next()));
  }
}
