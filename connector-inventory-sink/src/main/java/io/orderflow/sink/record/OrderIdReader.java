package io.orderflow.sink.record;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.record.ChangeEvents.Change;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the order ID of records of one role: from a field of the value, or from the key if the
 * value does not have the field.
 *
 * <p>A key is the order ID itself, or a struct or map with the field at the same path or under the
 * same name as in the value, or under its name in Debezium's row. Any other struct or map is the
 * key of another table, such as that of payments whose rows refer to an order, and is ignored.
 *
 * <p>A key with another order ID than the value is bad: a tombstone has only the key, and would
 * delete another order than the one that the values named. A payment without an ID of its own has
 * no such tombstones, and its key may be anything.
 */
final class OrderIdReader {

  private static final String EXPECTED = "an order ID";

  private final IdField field;
  private final Role role;
  private final OrderIdType type;

  /**
   * Creates a reader.
   *
   * @param path of the order ID in values
   */
  OrderIdReader(FieldPath path, Role role, OrderIdType type) {
    this.field = IdField.of(EXPECTED, path);
    this.role = role;
    this.type = type;
  }

  Object ofValue(SinkRecord record, Row value) {
    return ofValue(record, value, field.path());
  }

  /** The ID of a row that was deleted, from the row before. */
  Object ofDeleted(SinkRecord record, Row value) {
    field.requireLogged(value);
    Object id = ofValue(record, value, field.before());
    if (inKey(record) == null) {
      field.requireNotFilledIn(value, id);
    }
    return id;
  }

  private Object ofValue(SinkRecord record, Row value, FieldPath at) {
    Object inKey = inKey(record);
    Object inValue = value.find(at);
    if (inValue == null) {
      return inKey == null || value.hasField(at)
          ? value.required(at, EXPECTED)
          : keyId(record, inKey);
    }
    Object id = valueId(value, at, inValue);
    if (inKey != null && role != Role.PAYMENT && !keyId(record, inKey).equals(id)) {
      throw new FieldError(
              "the same order ID as in " + at,
              "another one",
              "Create the key from that field, with the transformations ValueToKey and"
                  + " ExtractField$Key.")
          .at(Coordinates.of(record), field.keyPath(record));
    }
    return id;
  }

  /**
   * The order of a payment that has an ID of its own, whose key may be any; null if the field is
   * null or empty.
   */
  @Nullable Object ofOwnPayment(Row value) {
    FieldPath path = field.path();
    Object inValue = value.find(path);
    if (inValue == null && !value.hasField(path)) {
      throw value.missing(path, EXPECTED);
    }
    return inValue == null || inValue.equals("") ? null : valueId(value, path, inValue);
  }

  /** The ID of a tombstone. */
  Object ofKey(SinkRecord record) {
    Object inKey = inKey(record);
    if (inKey == null) {
      throw noKey(record);
    }
    return keyId(record, inKey);
  }

  /** The type of the order ID in a record; the value takes precedence over the key. */
  OrderIdType typeOf(SinkRecord record, Change change) {
    Row value = record.value() == null ? null : Row.ofValue(record);
    FieldPath at = change == Change.DELETE ? field.before() : field.path();
    Object inValue = value == null ? null : value.find(at);
    if (inValue != null) {
      return typeOf(inValue, record, at.name());
    }
    Object inKey = inKey(record);
    if (inKey != null) {
      return typeOf(inKey, record, field.keyPath(record));
    }
    throw value == null ? noKey(record) : value.missing(at, EXPECTED);
  }

  private static OrderIdType typeOf(Object content, SinkRecord record, String path) {
    try {
      return OrderIds.typeOf(content);
    } catch (FieldError error) {
      throw error.at(Coordinates.of(record), path);
    }
  }

  private BadRecordException noKey(SinkRecord record) {
    return field.noKey(
        record,
        "Write the topic with the order ID as key, or as the field "
            + field.inRow()
            + " of the key, since a tombstone has no value.");
  }

  private Object valueId(Row value, FieldPath at, Object content) {
    try {
      return OrderIds.of(content, type);
    } catch (FieldError error) {
      throw value.bad(at, error).ofOrderIdType();
    }
  }

  private Object keyId(SinkRecord record, Object content) {
    try {
      return OrderIds.of(content, type);
    } catch (FieldError error) {
      throw error.at(Coordinates.of(record), field.keyPath(record)).ofOrderIdType();
    }
  }

  /** The order ID in the key; null if there is no key, or if it is that of another table. */
  private @Nullable Object inKey(SinkRecord record) {
    Object plain = IdField.plainKey(record);
    return plain == null ? field.inKey(record) : plain;
  }
}
