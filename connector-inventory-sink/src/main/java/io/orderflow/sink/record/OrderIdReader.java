package io.orderflow.sink.record;

import io.orderflow.common.database.OrderIdType;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Finds the order ID of records of one role: in a field of the value, in the key, or in both, and
 * then it has to be the same one.
 *
 * <p>A key is the order ID itself, or a struct or map that has it under the name of the value's
 * field or as its only field. A struct or map of other fields is a key of something else and does
 * not count.
 *
 * @param name of the field
 */
record OrderIdReader(String name, OrderIdType type) {

  private static final String EXPECTED = "an order ID";

  Object ofValue(SinkRecord record, Row value) {
    Object inKey = inKey(record);
    Object inValue = value.find(name);
    if (inValue == null) {
      return inKey == null ? value.required(name, EXPECTED) : keyId(record, inKey);
    }
    Object id = valueId(value, inValue);
    if (inKey != null && !keyId(record, inKey).equals(id)) {
      throw new Mismatch(
              "the order ID that the value has in " + name,
              "another one",
              "Make the key from that field, with the transformations ValueToKey and"
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

  /** The type that the record suggests; the value counts before the key. */
  static OrderIdType typeOf(SinkRecord record, String name) {
    OrderIdReader reader = new OrderIdReader(name, OrderIdType.TEXT);
    Row value = record.value() == null ? null : Row.ofValue(record);
    Object inValue = value == null ? null : value.find(name);
    if (inValue != null) {
      return typeOf(inValue, record, name);
    }
    Object inKey = reader.inKey(record);
    if (inKey != null) {
      return typeOf(inKey, record, reader.keyPath(record));
    }
    throw value == null ? noKey(record) : value.missing(name, EXPECTED);
  }

  private static OrderIdType typeOf(Object content, SinkRecord record, String path) {
    try {
      return OrderIds.typeOf(content);
    } catch (Mismatch mismatch) {
      throw mismatch.at(Coordinates.of(record), path);
    }
  }

  private static BadRecordException noKey(SinkRecord record) {
    return new Mismatch(
            EXPECTED,
            record.key() == null ? "null" : Found.kindOf(record.key()) + " without it",
            "A tombstone names its order in the key: write the topic with the order ID as key.")
        .at(Coordinates.of(record), "key");
  }

  private Object valueId(Row value, Object content) {
    try {
      return OrderIds.of(content, type);
    } catch (Mismatch mismatch) {
      throw value.bad(name, mismatch);
    }
  }

  private Object keyId(SinkRecord record, Object content) {
    try {
      return OrderIds.of(content, type);
    } catch (Mismatch mismatch) {
      throw mismatch.at(Coordinates.of(record), keyPath(record));
    }
  }

  /** Null where the key has none. */
  private @Nullable Object inKey(SinkRecord record) {
    Object key = record.key();
    if (key instanceof Struct struct) {
      Field field = fieldOf(struct);
      return field == null ? null : struct.get(field);
    }
    if (key instanceof Map<?, ?> map) {
      return map.size() == 1 ? map.values().iterator().next() : map.get(name);
    }
    return key;
  }

  private @Nullable Field fieldOf(Struct key) {
    List<Field> fields = key.schema().fields();
    return fields.size() == 1 ? fields.get(0) : key.schema().field(name);
  }

  private String keyPath(SinkRecord record) {
    Object key = record.key();
    if (key instanceof Struct struct) {
      Field field = fieldOf(struct);
      return field == null ? "key" : "key." + field.name();
    }
    if (key instanceof Map<?, ?> map) {
      return "key." + (map.size() == 1 ? map.keySet().iterator().next() : name);
    }
    return "key";
  }
}
