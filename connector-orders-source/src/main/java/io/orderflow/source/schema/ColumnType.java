package io.orderflow.source.schema;

import io.orderflow.source.event.OrderEvent;

/**
 * The type of a column's values in events. An {@link OrderEvent} has Java values: Boolean, Short,
 * Integer, Long, Float, Double, String, byte[], BigDecimal, {@link java.util.Date}, or a List of
 * these.
 */
public sealed interface ColumnType {

  /** Whether different values of the column are different in events, too. */
  boolean isExact();

  /** Whether a value may change without a change of its row. */
  default boolean isVolatile() {
    return this == Scalar.VOLATILE_TEXT
        || (this instanceof Array array && array.element().isVolatile());
  }

  /** Types without parameters. */
  enum Scalar implements ColumnType {
    BOOLEAN,
    INT16,
    INT32,
    INT64,
    FLOAT32,
    FLOAT64,
    /** Unchanged text. */
    TEXT,
    /** Text that is a JSON document. */
    JSON,
    /** A number as its exact text, without an exponent. */
    NUMBER_TEXT,
    /** Any other type, as the text that PostgreSQL writes. */
    OTHER,
    BYTES,
    /** Days; the Date is midnight in UTC. */
    DATE,
    /** Milliseconds of a day; the Date is on 1970-01-01 in UTC. */
    TIME,
    /** Without a time zone; read as UTC. */
    TIMESTAMP,
    /** A point in time. */
    TIMESTAMP_WITH_ZONE,
    /**
     * Text that changes without the row: it contains the name of another object, such as a {@code
     * regclass}, or follows the currency of the session, as {@code money} does.
     */
    VOLATILE_TEXT;

    /** Events round times to milliseconds, and limit them to the years 1 to 9999. */
    @Override
    public boolean isExact() {
      return switch (this) {
        case DATE, TIME, TIMESTAMP, TIMESTAMP_WITH_ZONE, VOLATILE_TEXT -> false;
        default -> true;
      };
    }
  }

  /** A number with a fixed number of digits after the decimal point; the scale may be negative. */
  record Decimal(int scale) implements ColumnType {

    @Override
    public boolean isExact() {
      return true;
    }
  }

  /**
   * An array; its elements may be null. Several dimensions become one list.
   *
   * @param delimiter between two elements in the text of an array: a comma, except for a few types
   */
  record Array(ColumnType element, char delimiter) implements ColumnType {

    /** Events do not show the dimensions. */
    @Override
    public boolean isExact() {
      return false;
    }
  }
}
