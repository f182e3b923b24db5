package io.orderflow.sink.record;

import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * A field that is an ID, or a part of one: its path in values, and where else the ID may be.
 *
 * @param expected names the ID in messages
 * @param path in values
 * @param before in the event of a delete, which has the row before
 * @param inRow in Debezium's row
 */
record IdField(String expected, FieldPath path, FieldPath before, FieldPath inRow) {

  static IdField of(String expected, FieldPath path) {
    return new IdField(
        expected,
        path,
        path.replacing(ChangeEvents.AFTER, ChangeEvents.BEFORE),
        path.leadsThrough(ChangeEvents.AFTER)
            ? path.within(ChangeEvents.AFTER)
            : FieldPath.of(path.lastStep()));
  }

  /** The key of a record if it is neither a struct nor a map; otherwise null. */
  static @Nullable Object plainKey(SinkRecord record) {
    Object key = key(record);
    return FieldPath.isContainer(key) ? null : key;
  }

  private static @Nullable Object key(SinkRecord record) {
    return record.key() == null ? null : VariableScaleDecimal.unwrap(record.key());
  }

  /**
   * The field in a key that is a struct or a map, at the same path as in the value or in Debezium's
   * row; null if the key has no such field.
   */
  @Nullable Object inKey(SinkRecord record) {
    Object key = key(record);
    if (key == null || !FieldPath.isContainer(key)) {
      return null;
    }
    Object asInValue = path.in(key);
    return asInValue == null ? inRow.in(key) : asInValue;
  }

  /** Where the ID is in the key, for messages. */
  String keyPath(SinkRecord record) {
    Object key = key(record);
    if (key == null || !FieldPath.isContainer(key)) {
      return "key";
    }
    return "key." + (path.in(key) == null ? inRow : path);
  }

  /** Rejects a null in the row before. */
  void requireLogged(Row value) {
    if (value.find(before) == null && value.hasField(before)) {
      throw notLogged(value, "null");
    }
  }

  /**
   * Rejects an ID of a row before that Debezium may have made up, and that the key does not repeat:
   * it writes 0 for a number that is not logged and that the table declares NOT NULL.
   */
  void requireNotFilledIn(Row value, Object id) {
    if (id.equals(0L) || id.equals("0")) {
      throw notLogged(value, "0, which may stand for a column that is not logged");
    }
  }

  /** Without a replica identity of all columns, the log has only the key of a deleted row. */
  private BadRecordException notLogged(Row value, String found) {
    return value.bad(
        before,
        new FieldError(
            expected, found, "Set REPLICA IDENTITY FULL on the table in the source database."));
  }

  /** The failure of a tombstone whose key has no ID. */
  BadRecordException noKey(SinkRecord record, String remedy) {
    return new FieldError(
            expected,
            record.key() == null ? "null" : TypeNames.of(record.key()) + " without it",
            remedy)
        .at(Coordinates.of(record), "key");
  }
}
