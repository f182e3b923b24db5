package io.orderflow.source.schema;

/** What becomes of {@code numeric} columns that have a scale. */
public enum DecimalHandling {
  /** Connect's Decimal. */
  DECIMAL,
  /** The exact text. */
  STRING
}
