package io.orderflow.source.schema;

/** How events represent {@code numeric} columns that have a scale. */
public enum DecimalHandling {
  /** Connect's Decimal. */
  PRECISE,
  /** The exact text. */
  STRING
}
