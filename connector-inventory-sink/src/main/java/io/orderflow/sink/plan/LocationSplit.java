package io.orderflow.sink.plan;

/** Over how many locations the lines of an order that name none may be spread. */
public enum LocationSplit {
  /** One location serves all of them. */
  NONE,
  /** One location serves each line. */
  LINES,
  /** Several locations may serve one line. */
  QUANTITIES
}
