package io.orderflow.sink.warehouse;

/** What the time of a transaction goes to. */
public enum Phase {
  /** Getting a connection, and with an audit trail the month's partition. */
  CONNECT,
  /** Reading and writing payments and amounts due. */
  PAYMENTS,
  /** Reading the orders and the stock that the batch concerns. */
  READ,
  /** Deciding what becomes of each order. */
  PLAN,
  /** Writing the orders onto the versions that were read. */
  CLAIM,
  /** Changing stock, with its rows locked from now on. */
  STOCK,
  /** Writing the audit trail. */
  AUDIT,
  COMMIT
}
