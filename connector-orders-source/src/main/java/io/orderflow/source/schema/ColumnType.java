package io.orderflow.source.schema;

import io.orderflow.source.event.OrderEvent;

/**
 * What a column's values are in an event. In an {@link OrderEvent} they are Java values: Boolean,
 * Short, Integer, Long, Float, Double, String, byte[], BigDecimal, {@link java.util.Date}, or a
 * List of these.
 */
public sealed interface ColumnType {

  /** Types without parameters. */
  enum Scalar implements ColumnType {
    BOOLEAN,
    INT16,
    INT32,
    INT64,
    FLOAT32,
    FLOAT64,
    /** Text as it is. */
    TEXT,
    /** Text that is a JSON document. */
    JSON,
    /** A number as its exact text, without an exponent. */
    NUMBER_TEXT,
    /** Anything else, as the text that PostgreSQL writes for it. */
    OTHER,
    BYTES,
    /** Days; the Date is midnight in UTC. */
    DATE,
    /** Milliseconds of a day; the Date is on 1970-01-01 in UTC. */
    TIME,
    /** Without a time zone, taken as UTC. */
    TIMESTAMP,
    /** A point in time. */
    TIMESTAMP_WITH_ZONE
  }

  /** A number with a fixed count of digits after the point; negative scales exist. */
  record Decimal(int scale) implements ColumnType {}

  /**
   * An array; its elements may be null. Dimensions beyond the first are laid one after the other.
   *
   * @param delimiter between two elements in the text of an array; a comma but for a few types
   */
  record Array(ColumnType element, char delimiter) implements ColumnType {}
}
