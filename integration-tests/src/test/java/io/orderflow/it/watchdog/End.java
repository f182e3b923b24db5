package io.orderflow.it.watchdog;

/** The states that a task may be in a while after a fault has begun. */
enum End {
  /** Everything that came since then is applied, emitted or in the dead-letter queue. */
  PROGRESS,

  /** The task is FAILED, and its trace names the cause. */
  FAILED,

  /**
   * The task is RUNNING, and says what it waits for: a metric is not zero, the log has a line, and
   * {@code validate} names the cause.
   */
  WAITS
}
