package io.orderflow.source.read;

import io.orderflow.source.schema.ColumnType;
import io.orderflow.source.schema.ColumnType.Scalar;
import java.math.BigDecimal;
import java.time.DateTimeException;

/**
 * Reads the texts that PostgreSQL writes for the values of one column, into what an event holds:
 * the same values as are read over JDBC.
 *
 * <p>The texts must be those of a server process with {@code DateStyle = ISO} and {@code
 * extra_float_digits} of 1 or more; the other settings of output do not matter to types that an
 * event knows, and are seen in the text of the others.
 */
@FunctionalInterface
public interface TextReader {

  /**
   * The value, never null: SQL's NULL has no text.
   *
   * @throws UnreadableValueException when an event cannot hold it, or the text is none of the
   *     type's
   */
  Object read(String text);

  /** The reader for a column's type; made once for a layout. */
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
      case TEXT, JSON, OTHER, NUMBER_TEXT -> text -> text;
      case BYTES -> checked("a bytea", ByteText::bytes);
      case DATE -> checked("a date in the ISO style", text -> new DateText(text).date());
      case TIME -> checked("a time", text -> new DateText(text).time());
      case TIMESTAMP ->
          checked("a timestamp in the ISO style", text -> new DateText(text).timestamp());
      case TIMESTAMP_WITH_ZONE ->
          checked("a timestamptz in the ISO style", text -> new DateText(text).timestampWithZone());
    };
  }

  /** Java's own errors repeat the text; so they are not even a cause. */
  private static TextReader checked(String expected, TextReader reader) {
    return text -> {
      try {
        return reader.read(text);
      } catch (IllegalArgumentException | DateTimeException | IndexOutOfBoundsException e) {
        throw new UnreadableValueException(
            "expected the text of " + expected + ", found another", null);
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
