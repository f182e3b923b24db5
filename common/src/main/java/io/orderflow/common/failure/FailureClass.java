package io.orderflow.common.failure;

/** The consequence of a failure. */
public enum FailureClass {
  /** The same transaction can succeed later: it is retried. */
  TRANSIENT,
  /** A record is at fault: it is found and reported, and the others are applied. */
  BAD_RECORD,
  /** A retry cannot succeed: the task stops until a person fixes the cause. */
  FATAL
}
