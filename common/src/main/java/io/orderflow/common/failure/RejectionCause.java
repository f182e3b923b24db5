package io.orderflow.common.failure;

/** Why the server refuses a record, as {@link SqlFailures#refusal} tells. */
public enum RejectionCause {
  /** A value that its column, or an index, cannot hold. */
  VALUE,
  /** A constraint of the table, or a view's check option. */
  CONSTRAINT,
  /** A trigger of the table. */
  TRIGGER
}
