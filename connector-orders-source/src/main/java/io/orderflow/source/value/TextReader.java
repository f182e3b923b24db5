package io.orderflow.source.value;

import io.orderflow.source.schema.ColumnType;
import io.orderflow.source.schema.ColumnType.Scalar;
import java.math.BigDecimal;
import java.time.DateTimeException;

/**
 * Reads the texts that PostgreSQL writes for the values of one column. The result is the same as of
 * a read over JDBC.
 *
 * <p>The server process must have {@code DateStyle = ISO} and {@code extra_float_digits} of at
 * least 1. Its other output settings affect only types that events carry as text.
 */
@FunctionalInterface
public interface TextReader {

  /**
   * Reads a value, which is never null since SQL's NULL has no text.
   *
   * @throws UnreadableValueException if events cannot represent it, or the text is not of the type
   */
  Object read(String text);

  /** The reader for a column's type; created once per schema. */
  static TextReader of(ColumnType type) {
    if (type instanceof ColumnType.Decimal decimal) {
      return text -> decimal(text, decimal.scale());
    }
    if (type instanceof ColumnType.Array array) {
      return checked("an array", new ArrayText(of(array.element()), array.delimiter()));
    }
    return switch ((Scalar) type) {
      case BOOLEAN -> checked("t or f", TextReader::bool);
      case INT16 -> checked("a smallint", Short::valueOf);
      case INT32 -> checked("an integer", Integer::valueOf);
      case INT64 -> checked("a bigint", Long::valueOf);
      case FLOAT32 -> checked("a real", Float::valueOf);
      case FLOAT64 -> checked("a double precision", Double::valueOf);
      case TEXT, JSON, OTHER, NUMBER_TEXT, VOLATILE_TEXT -> text -> text;
      case BYTES -> checked("a bytea", ByteText::bytes);
      case DATE -> checked("a date in the ISO style", text -> new DateText(text).date());
      case TIME -> checked("a time", text -> new DateText(text).time());
      case TIMESTAMP ->
          checked("a timestamp in the ISO style", text -> new DateText(text).timestamp());
      case TIMESTAMP_WITH_ZONE ->
          checked("a timestamptz in the ISO style", text -> new DateText(text).timestampWithZone());
    };
  }

  /** Hides Java's own errors, since their messages contain the text. */
  private static TextReader checked(String type, TextReader reader) {
    return text -> {
      try {
        return reader.read(text);
      } catch (IllegalArgumentException | DateTimeException | IndexOutOfBoundsException e) {
        throw new UnreadableValueException("expected the text of " + type, null);
      }
    };
  }

  private static BigDecimal decimal(String text, int scale) {
    BigDecimal value;
    try {
      value = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw UnreadableValueException.notFinite(null);
    }
    return value.scale() == scale ? value : value.setScale(scale);
  }

  private static Boolean bool(String text) {
    return switch (text) {
      case "t" -> true;
      case "f" -> false;
      default -> throw new IllegalArgumentException();
    };
  }
}
