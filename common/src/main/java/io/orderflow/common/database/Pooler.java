package io.orderflow.common.database;

/** The kind of connection pooler between a connector and PostgreSQL. */
public enum Pooler {
  /** Each connection is a session of the server: options are set when it starts. */
  NONE,
  /**
   * A connection may get another session of the server for each transaction, as with PgBouncer's
   * {@code pool_mode=transaction}: options are set in each transaction, and no statement is
   * prepared for a later one.
   */
  TRANSACTION
}
