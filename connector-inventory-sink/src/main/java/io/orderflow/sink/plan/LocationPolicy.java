package io.orderflow.sink.plan;

/** Which location serves a line that names none. */
public enum LocationPolicy {
  /** None: such lines use stock without a location. */
  NONE,
  /** The first of the listed locations. */
  FIXED,
  /** The first of the listed locations that has enough. */
  PRIORITY,
  /**
   * The one with the greatest available quantity, among the listed locations if there is a list.
   */
  MOST_STOCK
}
