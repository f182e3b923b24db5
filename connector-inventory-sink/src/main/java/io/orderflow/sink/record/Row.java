package io.orderflow.sink.record;

import java.math.BigDecimal;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * The value of a record, or one of its items: a struct or a schemaless map, read by field name.
 * Every failure is a {@link BadRecordException} with the path of the field; paths are put together
 * only then, since good records are many.
 */
final class Row {

  private static final int WHOLE_VALUE = -1;

  private final SinkRecord record;
  private final Object content;
  private final String list;
  private final int index;

  private Row(SinkRecord record, Object content, String list, int index) {
    this.record = record;
    this.content = content;
    this.list = list;
    this.index = index;
    if (!FieldPath.isContainer(content)) {
      throw new FieldError(
              "a struct or a map",
              TypeNames.kindOf(content),
              "Set value.converter to the converter that the topic was written with.")
          .at(Coordinates.of(record), index == WHOLE_VALUE ? "value" : list + "[" + index + "]");
    }
  }

  static Row ofValue(SinkRecord record) {
    return new Row(record, record.value(), "", WHOLE_VALUE);
  }

  /** Null where there is no such field, or null in it or on the way to it. */
  @Nullable Object find(FieldPath path) {
    Object found = path.in(content);
    if (found == null) {
      refuseBroken(path);
    }
    return found;
  }

  /** A way that ends in text, say, is no way to a field that may be absent: it is the wrong way. */
  private void refuseBroken(FieldPath path) {
    String broken = path.brokenAt(content);
    if (broken != null) {
      throw bad(
          path,
          new FieldError(
              "a struct or a map as " + broken,
              TypeNames.kindOf(FieldPath.of(broken).in(content)),
              "Set the field's path in the connector's configuration, or send it as a struct or"
                  + " map."));
    }
  }

  /** Null for empty text too: Protobuf cannot tell it from no text. */
  private @Nullable Object optional(FieldPath path) {
    Object found = find(path);
    return "".equals(found) ? null : found;
  }

  boolean has(String field) {
    return FieldPath.has(content, field);
  }

  Object required(FieldPath path, String expected) {
    Object found = find(path);
    if (found == null) {
      throw missing(path, expected);
    }
    return found;
  }

  List<?> items(FieldPath path) {
    Object found = required(path, "an array of items");
    if (found instanceof List<?> items) {
      return items;
    }
    throw bad(
        path,
        new FieldError(
            "an array of items",
            TypeNames.kindOf(found),
            "Send the items as an array of structs or maps."));
  }

  Row item(FieldPath items, int position, @Nullable Object element) {
    if (element == null) {
      throw bad(
          items.name() + "[" + position + "]",
          new FieldError("a struct or a map", "null", "Leave out what is no item."));
    }
    return new Row(record, element, items.name(), position);
  }

  long version(FieldPath path) {
    String expected = "a version of 0 or more";
    long version = whole(path, expected);
    if (version < 0) {
      throw bad(path, new FieldError(expected, "a negative number", "Let versions grow from 0."));
    }
    return version;
  }

  long quantity(FieldPath path) {
    String expected = "a quantity of 1 or more";
    long quantity = whole(path, expected);
    if (quantity <= 0) {
      throw bad(
          path,
          new FieldError(
              expected,
              quantity == 0 ? "0" : "a negative number",
              "Leave the item out, or let the intent say that goods go the other way."));
    }
    return quantity;
  }

  private long whole(FieldPath path, String expected) {
    try {
      return WholeNumber.of(required(path, expected), expected);
    } catch (FieldError mismatch) {
      throw bad(path, mismatch);
    }
  }

  String notEmpty(FieldPath path, String expected) {
    try {
      return TextFields.notEmpty(required(path, expected), expected);
    } catch (FieldError mismatch) {
      throw bad(path, mismatch);
    }
  }

  String identifier(FieldPath path, String expected) {
    try {
      return TextFields.identifier(required(path, expected), expected);
    } catch (FieldError mismatch) {
      throw bad(path, mismatch);
    }
  }

  @Nullable String text(FieldPath path) {
    try {
      Object found = optional(path);
      return found == null ? null : TextFields.of(found, "text");
    } catch (FieldError mismatch) {
      throw bad(path, mismatch);
    }
  }

  @Nullable String reference(FieldPath path) {
    try {
      Object found = optional(path);
      return found == null ? null : TextFields.identifier(found, "a reference");
    } catch (FieldError mismatch) {
      throw bad(path, mismatch);
    }
  }

  @Nullable String currency(FieldPath path) {
    try {
      Object found = optional(path);
      return found == null ? null : TextFields.currency(found);
    } catch (FieldError mismatch) {
      throw bad(path, mismatch);
    }
  }

  @Nullable BigDecimal amount(FieldPath path) {
    try {
      Object found = optional(path);
      return found == null ? null : Amount.of(found);
    } catch (FieldError mismatch) {
      throw bad(path, mismatch);
    }
  }

  BadRecordException bad(FieldPath path, FieldError mismatch) {
    return bad(path.name(), mismatch);
  }

  private BadRecordException bad(String name, FieldError mismatch) {
    String path = index == WHOLE_VALUE ? name : list + "[" + index + "]." + name;
    return mismatch.at(Coordinates.of(record), path);
  }

  BadRecordException missing(FieldPath path, String expected) {
    FieldError envelope = index == WHOLE_VALUE ? Envelope.around(this) : null;
    if (envelope != null) {
      return bad("value", envelope);
    }
    return bad(
        path,
        new FieldError(
            expected,
            path.missingFrom(content),
            "Fill it in, or set the name of the field in the connector's configuration."));
  }
}
