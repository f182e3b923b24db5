package io.orderflow.sink.warehouse;

/** A timed part of a transaction. */
public enum Phase {
  /** Getting a connection, and creating the partition of a new month of the audit trail. */
  CONNECT,
  /** Reading and writing payments and amounts due. */
  PAYMENTS,
  /** Reading the orders and the stock of the batch. */
  READ,
  /** Deciding the outcome of each order. */
  PLAN,
  /** Writing the orders, each onto the version that was read. */
  CLAIM,
  /** Changing stock, whose rows are locked from now on. */
  STOCK,
  /** Writing the audit trail. */
  AUDIT,
  COMMIT
}
