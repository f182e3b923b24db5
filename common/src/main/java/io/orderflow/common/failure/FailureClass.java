package io.orderflow.common.failure;

/** What follows from a failure. */
public enum FailureClass {
  /** The same transaction can succeed later: it is tried again. */
  TRANSIENT,
  /** One record is at fault: it is found and reported, the others are applied. */
  BAD_RECORD,
  /** Nothing will change by itself: the task stops, and a person has to mend the cause. */
  FATAL
}
