package io.orderflow.sink.apply;

import io.orderflow.common.failure.SqlFailures;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Transient failures of one batch and its parts that arise within triggers or other functions of
 * the database. A trigger may report such a failure for as long as the same record is written. For
 * one thread.
 */
final class FunctionFailures {

  private final long limitNanos;
  private long firstFailure;
  private boolean failing;
  private boolean lasting;

  /**
   * Creates an object for a new batch.
   *
   * @param limit how long the same batch may fail before a record is looked for
   */
  FunctionFailures(Duration limit) {
    this.limitNanos = limit.toNanos();
  }

  /** Records a transient failure. True if a function fails, and did so for the whole limit. */
  boolean isLasting(SQLException failure) {
    if (!SqlFailures.isInFunction(failure)) {
      failing = false;
      return false;
    }
    long now = System.nanoTime();
    if (!failing) {
      failing = true;
      firstFailure = now;
    }
    lasting |= now - firstFailure >= limitNanos;
    return lasting;
  }
}
