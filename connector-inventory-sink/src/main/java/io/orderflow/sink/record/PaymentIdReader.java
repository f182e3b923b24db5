package io.orderflow.sink.record;

import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the IDs of payments. Of several fields that are the ID together, the contents are joined by
 * slashes.
 *
 * <p>Unlike an order ID, the payment's ID is not taken from a key without field names, except for a
 * tombstone: the topic may have the order ID as its key, and all payments of an order would become
 * one.
 *
 * <p>If deletions are applied, a key with another ID than the value is bad: a tombstone has only
 * the key, and would take another payment back for good. If they are ignored, the key may be
 * anything.
 */
final class PaymentIdReader {

  private static final String EXPECTED = "a payment ID";

  private final List<IdField> fields;
  private final boolean deletions;

  /**
   * Creates a reader.
   *
   * @param paths of the fields in values
   * @param deletions whether tombstones are applied
   */
  PaymentIdReader(List<FieldPath> paths, boolean deletions) {
    this.fields = paths.stream().map(path -> IdField.of(EXPECTED, path)).toList();
    this.deletions = deletions;
  }

  String ofValue(SinkRecord record, Row value) {
    StringJoiner id = new StringJoiner("/");
    for (IdField field : fields) {
      id.add(part(record, value, field, field.path()));
    }
    return asInKey(record, id.toString());
  }

  /** The ID of a row that was deleted, from the row before. */
  String ofDeleted(SinkRecord record, Row value) {
    StringJoiner id = new StringJoiner("/");
    for (IdField field : fields) {
      field.requireLogged(value);
      String part = part(record, value, field, field.before());
      if (inKey(record, field) == null) {
        field.requireNotFilledIn(value, part);
      }
      id.add(part);
    }
    return asInKey(record, id.toString());
  }

  private String part(SinkRecord record, Row value, IdField field, FieldPath at) {
    Object inKey = value.hasField(at) ? null : field.inKey(record);
    return inKey == null ? escaped(value.identifier(at, EXPECTED)) : keyPart(record, field, inKey);
  }

  /** The ID of a tombstone. */
  String ofKey(SinkRecord record) {
    for (IdField field : fields) {
      if (inKey(record, field) == null) {
        throw field.noKey(
            record,
            "Write the topic with the payment's ID as key, or as the field "
                + field.inRow()
                + " of the key, since a tombstone has no value; or set payment.deletions=ignore.");
      }
    }
    return keyId(record);
  }

  private String asInKey(SinkRecord record, String id) {
    if (deletions && hasOtherKey(record, id)) {
      String names =
          fields.stream().map(field -> field.path().name()).collect(Collectors.joining(", "));
      throw new FieldError(
              "the same payment ID as in " + names,
              "another one",
              "Write the topic with the payment's ID as key, since a tombstone has no value; or"
                  + " set payment.deletions=ignore.")
          .at(Coordinates.of(record), "key");
    }
    return id;
  }

  private boolean hasOtherKey(SinkRecord record, String id) {
    if (fields.stream().anyMatch(field -> inKey(record, field) == null)) {
      return false;
    }
    try {
      return !keyId(record).equals(id);
    } catch (BadRecordException noId) {
      return true;
    }
  }

  /** The ID in a key that has all of its parts. */
  private String keyId(SinkRecord record) {
    StringJoiner id = new StringJoiner("/");
    for (IdField field : fields) {
      Object found = inKey(record, field);
      if (found != null) {
        id.add(keyPart(record, field, found));
      }
    }
    return id.toString();
  }

  /** A part of the ID in the key; null if the key does not have it. */
  private @Nullable Object inKey(SinkRecord record, IdField field) {
    Object plain = fields.size() == 1 ? IdField.plainKey(record) : null;
    return plain == null ? field.inKey(record) : plain;
  }

  private String keyPart(SinkRecord record, IdField field, Object content) {
    try {
      return escaped(TextFields.identifier(content, EXPECTED));
    } catch (FieldError error) {
      throw error.at(Coordinates.of(record), field.keyPath(record));
    }
  }

  /** Without the slash that joins the parts, or two IDs could become the same. */
  private String escaped(String content) {
    return fields.size() == 1 ? content : content.replace("~", "~0").replace("/", "~1");
  }
}
