package io.orderflow.source.schema;

/** What becomes of {@code numeric} columns that have a scale. */
public enum DecimalHandling {
  /** Connect's Decimal. */
  PRECISE,
  /** The exact text. */
  STRING
}
