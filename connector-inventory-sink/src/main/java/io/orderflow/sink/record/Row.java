package io.orderflow.sink.record;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * The value of a record, or one of its items: a struct or a schemaless map, read by field name.
 * Every failure is a {@link BadRecordException} with the path of the field, which is built only
 * then.
 */
final class Row {

  private static final int WHOLE_VALUE = -1;

  /** The default of Debezium's setting unavailable.value.placeholder. */
  private static final String UNAVAILABLE = "__debezium_unavailable_value";

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
              TypeNames.of(content),
              "Set value.converter to the converter that the topic was written with.")
          .at(Coordinates.of(record), index == WHOLE_VALUE ? "value" : list + "[" + index + "]");
    }
  }

  static Row ofValue(SinkRecord record) {
    return new Row(record, record.value(), "", WHOLE_VALUE);
  }

  /**
   * The record's own time in Kafka, which a replay does not change.
   *
   * @param expected what the time is needed for
   * @throws BadRecordException if the record has none
   */
  Instant timestamp(String expected, String remedy) {
    Long timestamp = record.timestamp();
    if (timestamp == null || timestamp < 0) {
      throw bad("timestamp of the record", new FieldError(expected, "none", remedy));
    }
    return Instant.ofEpochMilli(timestamp);
  }

  /** The content of a field; null if the field, or a part of the path to it, is missing or null. */
  @Nullable Object find(FieldPath path) {
    Object found = path.in(content);
    if (found == null) {
      requireUnbroken(path);
    } else if (found.equals(UNAVAILABLE)) {
      throw bad(path, unavailable());
    }
    return found;
  }

  /** The content of a field that only some records have; null if the path does not lead to it. */
  @Nullable Object peek(FieldPath path) {
    return path.in(content);
  }

  /** Whether the field exists, even if its content is null. */
  boolean hasField(FieldPath path) {
    return path.existsIn(content);
  }

  private static FieldError unavailable() {
    return new FieldError(
        "the content of the field",
        "Debezium's placeholder for a large value that did not change",
        "Set REPLICA IDENTITY FULL on the table in the source database.");
  }

  /** A path through text, for instance, does not lead to an absent field: the path is wrong. */
  private void requireUnbroken(FieldPath path) {
    String broken = path.brokenAt(content);
    if (broken != null) {
      throw bad(
          path,
          new FieldError(
              "a struct or a map as " + broken,
              TypeNames.of(FieldPath.of(broken).in(content)),
              "Correct the field's path in the connector's configuration, or send a struct or"
                  + " map."));
    }
  }

  /** Null also for empty text, which Protobuf cannot distinguish from no text. */
  @Nullable Object optional(FieldPath path) {
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
    Object items = found instanceof String text ? JsonText.parse(text) : found;
    if (items instanceof List<?> list) {
      return list;
    }
    throw bad(
        path,
        new FieldError(
            "an array of items",
            TypeNames.of(found) + (found instanceof String ? " without a JSON array" : ""),
            "Send the items as an array of structs or maps, or as text with a JSON array of"
                + " objects."));
  }

  Row item(FieldPath items, int position, @Nullable Object element) {
    if (element == null) {
      throw bad(
          items.name() + "[" + position + "]",
          new FieldError("a struct or a map", "null", "Remove the null from the array."));
    }
    if (element.equals(UNAVAILABLE)) {
      throw bad(items.name() + "[" + position + "]", unavailable());
    }
    Object content =
        element instanceof String text && JsonText.parse(text) instanceof Map<?, ?> json
            ? json
            : element;
    return new Row(record, content, items.name(), position);
  }

  long version(FieldPath path) {
    String expected = "a version of 0 or more";
    long version = whole(path, expected);
    if (version < 0) {
      throw bad(
          path,
          new FieldError(expected, "a negative number", "Send versions that grow" + " from 0."));
    }
    return version;
  }

  /**
   * A quantity of more than 0.
   *
   * @return in units of 10^-scale
   */
  long quantity(FieldPath path, int scale) {
    String expected = scale == 0 ? "a quantity of 1 or more" : "a quantity of more than 0";
    long quantity = steps(path, scale, expected);
    if (quantity <= 0) {
      throw bad(
          path,
          new FieldError(
              expected,
              quantity == 0 ? "0" : "a negative number",
              "Remove the item, or use the intent for the opposite direction."));
    }
    return quantity;
  }

  /**
   * A quantity that may be 0 or negative.
   *
   * @return in units of 10^-scale
   */
  long anyQuantity(FieldPath path, int scale) {
    return steps(path, scale, "a quantity");
  }

  private long steps(FieldPath path, int scale, String expected) {
    try {
      return Quantity.steps(required(path, expected), scale, expected);
    } catch (FieldError error) {
      throw bad(path, error);
    }
  }

  private long whole(FieldPath path, String expected) {
    try {
      return WholeNumber.of(required(path, expected), expected);
    } catch (FieldError error) {
      throw bad(path, error);
    }
  }

  String notEmpty(FieldPath path, String expected) {
    try {
      return TextFields.notEmpty(required(path, expected), expected);
    } catch (FieldError error) {
      throw bad(path, error);
    }
  }

  /** A status as the settings spell it, which is neither null nor empty. */
  String notEmptyStatus(FieldPath path, String expected) {
    return required(path, expected) instanceof String
        ? notEmpty(path, expected)
        : Statuses.text(this, path);
  }

  String identifier(FieldPath path, String expected) {
    try {
      return TextFields.identifier(required(path, expected), expected);
    } catch (FieldError error) {
      throw bad(path, error);
    }
  }

  @Nullable String text(FieldPath path) {
    return parsed(path, found -> TextFields.of(found, "text"));
  }

  @Nullable String reference(FieldPath path) {
    return parsed(path, found -> TextFields.identifier(found, "a reference"));
  }

  @Nullable String currency(FieldPath path) {
    return parsed(path, TextFields::currency);
  }

  @Nullable BigDecimal amount(FieldPath path) {
    return parsed(path, Amount::parse);
  }

  private <T> @Nullable T parsed(FieldPath path, Function<Object, T> parse) {
    try {
      Object found = optional(path);
      return found == null ? null : parse.apply(found);
    } catch (FieldError error) {
      throw bad(path, error);
    }
  }

  BadRecordException bad(FieldPath path, FieldError error) {
    return bad(path.name(), error);
  }

  private BadRecordException bad(String name, FieldError error) {
    String path = index == WHOLE_VALUE ? name : list + "[" + index + "]." + name;
    return error.at(Coordinates.of(record), path);
  }

  BadRecordException missing(FieldPath path, String expected) {
    boolean isRow = index == WHOLE_VALUE && !path.leadsThrough(ChangeEvents.AFTER);
    FieldError envelope = isRow ? envelope() : null;
    if (envelope != null) {
      return bad("value", envelope);
    }
    return bad(
        path,
        new FieldError(
            expected,
            path.missingFrom(content),
            "Send the field, or set its name in the connector's configuration."));
  }

  /** Recognises a value in the envelope of the tool that wrote it; null if it is none. */
  private @Nullable FieldError envelope() {
    if (has("op") && has("before") && has("after")) {
      return new FieldError(
          "the row itself",
          "a Debezium envelope (before, after, op)",
          "Set the paths of the fields, such as after.id, or unwrap it with the transformation"
              + " io.debezium.transforms.ExtractNewRecordState.");
    }
    if (has("schema") && has("payload")) {
      return new FieldError(
          "the row itself",
          "a JSON envelope (schema, payload)",
          "Set value.converter.schemas.enable=true.");
    }
    return null;
  }
}
