package io.orderflow.source.metrics;

/** What the time of a task goes to. */
public enum Phase {
  /** Query: the statement for the orders, its rows read. */
  ORDERS("orders"),
  /** Query: the same for their items. */
  ITEMS("items"),
  /** Log: looking up orders that the log does not tell as a whole. */
  LOOK_UP("look-up"),
  /** Log: telling transactions, look-ups included. */
  TELL("tell"),
  /** Log: merging a chunk of the load. */
  CHUNK("chunk"),
  /** Making records for Connect. */
  RECORDS("records");

  private final String label;

  Phase(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
