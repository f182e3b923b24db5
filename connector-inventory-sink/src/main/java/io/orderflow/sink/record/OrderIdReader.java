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
 * delete another order than the one that the values named. A payment has no such tombstones, and
 * its key may be anything.
 */
final class OrderIdReader {

  private static final String EXPECTED = "an order ID";

  private final FieldPath path;
  private final FieldPath before;
  private final FieldPath inRow;
  private final Role role;
  private final OrderIdType type;

  /**
   * Creates a reader.
   *
   * @param path of the order ID in values
   */
  OrderIdReader(FieldPath path, Role role, OrderIdType type) {
    this.path = path;
    this.before = path.replacing(ChangeEvents.AFTER, ChangeEvents.BEFORE);
    this.inRow =
        path.leadsThrough(ChangeEvents.AFTER)
            ? path.within(ChangeEvents.AFTER)
            : FieldPath.of(path.lastStep());
    this.role = role;
    this.type = type;
  }

  Object ofValue(SinkRecord record, Row value) {
    return ofValue(record, value, path);
  }

  /** The ID of a row that was deleted, from the row before. */
  Object ofDeleted(SinkRecord record, Row value) {
    Object logged = value.find(before);
    if (logged == null && value.hasField(before)) {
      throw value.bad(before, notLogged("null"));
    }
    Object id = ofValue(record, value, before);
    if (inKey(record) == null && isFilledIn(id)) {
      throw value.bad(before, notLogged("0, which may stand for a column that is not logged"));
    }
    return id;
  }

  /** Without a replica identity of all columns, the log has only the key of a deleted row. */
  private static FieldError notLogged(String found) {
    return new FieldError(
        EXPECTED, found, "Set REPLICA IDENTITY FULL on the table in the source database.");
  }

  /** Debezium writes 0 for a number that is not logged and that the table declares NOT NULL. */
  private static boolean isFilledIn(Object id) {
    return id.equals(0L) || id.equals("0");
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
          .at(Coordinates.of(record), keyPath(record));
    }
    return id;
  }

  /**
   * The order of a payment that has an ID of its own, whose key may be any; null if the field is
   * null or empty.
   */
  @Nullable Object ofOwnPayment(Row value) {
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
    FieldPath at = change == Change.DELETE ? before : path;
    Object inValue = value == null ? null : value.find(at);
    if (inValue != null) {
      return typeOf(inValue, record, at.name());
    }
    Object inKey = inKey(record);
    if (inKey != null) {
      return typeOf(inKey, record, keyPath(record));
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
    return new FieldError(
            EXPECTED,
            record.key() == null ? "null" : TypeNames.of(record.key()) + " without it",
            "Write the topic with the order ID as key, or as the field "
                + inRow
                + " of the key, since a tombstone has no value.")
        .at(Coordinates.of(record), "key");
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
      throw error.at(Coordinates.of(record), keyPath(record)).ofOrderIdType();
    }
  }

  /** The order ID in the key; null if there is no key, or if it is that of another table. */
  private @Nullable Object inKey(SinkRecord record) {
    if (record.key() == null) {
      return null;
    }
    Object key = VariableScaleDecimal.unwrap(record.key());
    if (!FieldPath.isContainer(key)) {
      return key;
    }
    Object asInValue = path.in(key);
    return asInValue == null ? inRow.in(key) : asInValue;
  }

  private String keyPath(SinkRecord record) {
    Object key = record.key();
    if (key == null || !FieldPath.isContainer(VariableScaleDecimal.unwrap(key))) {
      return "key";
    }
    return "key." + (path.in(key) == null ? inRow : path);
  }
}
