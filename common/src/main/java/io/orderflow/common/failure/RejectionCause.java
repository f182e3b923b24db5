package io.orderflow.common.failure;

/** Why the server rejected a record; see {@link SqlFailures#rejectionCause}. */
public enum RejectionCause {
  /** The connector: a field is missing, or has a value that the connector cannot use. */
  UNREADABLE,
  /** PostgreSQL: a column, or an index, cannot hold a value. */
  VALUE,
  /** A constraint of a table, or a view's check option. */
  CONSTRAINT,
  /** A trigger of a table. */
  TRIGGER
}
