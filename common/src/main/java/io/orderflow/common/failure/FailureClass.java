package io.orderflow.common.failure;

/** The consequence of a failure. */
public enum FailureClass {
  /** The same transaction can succeed later: it is retried. */
  TRANSIENT,
  /** A record is at fault: it is found and reported, and the others are applied. */
  BAD_RECORD,
  /**
   * A record or the database may be at fault. The records are applied in smaller transactions: if
   * others can be applied, those that fail alone are at fault; otherwise the task stops.
   */
  UNCLEAR,
  /** A retry cannot succeed: the task stops until a person fixes the cause. */
  FATAL
}
