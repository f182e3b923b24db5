package io.orderflow.sink.record;

/** The unit of amounts in records. */
public enum AmountUnit {
  /** The currency's own unit: 19.90 are 19.90 euros. */
  MAJOR,
  /** The currency's smallest unit: 1990 are 19.90 euros, 1990 yen, or 1.990 dinars of Kuwait. */
  MINOR
}
