package io.orderflow.sink.record;

import java.util.List;
import java.util.StringJoiner;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the IDs of payments. Of several fields that are the ID together, the contents are joined by
 * slashes.
 *
 * <p>Unlike an order ID, the payment's ID is not taken from a key without field names, except for a
 * tombstone: the topic may have the order ID as its key, and all payments of an order would become
 * one.
 */
final class PaymentIdReader {

  private static final String EXPECTED = "a payment ID";

  private final List<FieldPath> paths;
  private final List<FieldPath> before;
  private final List<FieldPath> inRow;

  PaymentIdReader(List<FieldPath> paths) {
    this.paths = List.copyOf(paths);
    this.before =
        paths.stream()
            .map(path -> path.replacing(ChangeEvents.AFTER, ChangeEvents.BEFORE))
            .toList();
    this.inRow =
        paths.stream()
            .map(
                path ->
                    path.leadsThrough(ChangeEvents.AFTER)
                        ? path.within(ChangeEvents.AFTER)
                        : FieldPath.of(path.lastStep()))
            .toList();
  }

  String ofValue(SinkRecord record, Row value) {
    return ofValue(record, value, paths);
  }

  /** The ID of a row that was deleted, from the row before. */
  String ofDeleted(SinkRecord record, Row value) {
    return ofValue(record, value, before);
  }

  private String ofValue(SinkRecord record, Row value, List<FieldPath> at) {
    StringJoiner id = new StringJoiner("/");
    for (int i = 0; i < at.size(); i++) {
      Object inKey = value.hasField(at.get(i)) ? null : inKey(record, i);
      id.add(
          inKey == null
              ? part(value.identifier(at.get(i), EXPECTED))
              : part(identifier(record, inKey, "key." + inRow.get(i))));
    }
    return id.toString();
  }

  /** The ID of a tombstone. */
  String ofKey(SinkRecord record) {
    Object key = record.key() == null ? null : VariableScaleDecimal.unwrap(record.key());
    if (key != null && paths.size() == 1 && !FieldPath.isContainer(key)) {
      return part(identifier(record, key, "key"));
    }
    StringJoiner id = new StringJoiner("/");
    for (int i = 0; i < paths.size(); i++) {
      Object found = inKey(record, i);
      if (found == null) {
        throw noKey(record, inRow.get(i));
      }
      id.add(part(identifier(record, found, "key." + inRow.get(i))));
    }
    return id.toString();
  }

  private static BadRecordException noKey(SinkRecord record, FieldPath field) {
    return new FieldError(
            EXPECTED,
            record.key() == null ? "null" : TypeNames.of(record.key()) + " without it",
            "Write the topic with the payment's ID as key, or as the field "
                + field
                + " of the key, since a tombstone has no value; or set payment.deletions=ignore.")
        .at(Coordinates.of(record), "key");
  }

  private @Nullable Object inKey(SinkRecord record, int index) {
    Object key = record.key() == null ? null : VariableScaleDecimal.unwrap(record.key());
    if (key == null || !FieldPath.isContainer(key)) {
      return null;
    }
    Object asInValue = paths.get(index).in(key);
    return asInValue == null ? inRow.get(index).in(key) : asInValue;
  }

  private static String identifier(SinkRecord record, Object content, String path) {
    try {
      return TextFields.identifier(content, EXPECTED);
    } catch (FieldError error) {
      throw error.at(Coordinates.of(record), path);
    }
  }

  /** Without the slash that joins the parts, or two IDs could become the same. */
  private String part(String content) {
    return paths.size() == 1 ? content : content.replace("~", "~0").replace("/", "~1");
  }
}
