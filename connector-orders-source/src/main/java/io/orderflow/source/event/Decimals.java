package io.orderflow.source.event;

/** What becomes of {@code numeric} columns that have a scale. */
public enum Decimals {
  /** Connect's Decimal. */
  DECIMAL,
  /** The exact text. */
  STRING
}
