package io.orderflow.sink.apply;

import io.orderflow.common.failure.SqlFailures;
import io.orderflow.sink.warehouse.ConcurrentChangeException;
import io.orderflow.sink.warehouse.Sweep;
import java.sql.SQLException;

/**
 * Counts the failed attempts of sweeps, and decides what follows from each, as {@link Attempts} do
 * for batches. A sweep that an order may prevent is halved, until the others that were due before
 * are released and the order is alone. For one thread.
 */
final class SweepAttempts {

  /** How often a sweep is repeated without a pause while other transactions are faster. */
  private static final int MAX_ATTEMPTS_AT_ONCE = 5;

  /** How often rows may not be written, without an error, before an order is looked for. */
  private static final int MAX_UNWRITTEN = 10;

  /** The same for a part of such a sweep. */
  private static final int MAX_UNWRITTEN_IN_PART = 3;

  /** How often a sweep may exceed the server's limits before it is halved. */
  private static final int MAX_OVERLOADS = 3;

  /** What follows from a failed attempt. */
  enum Next {
    REPEAT_AT_ONCE,
    REPEAT_LATER,
    HALVE,
    STOP
  }

  private int maxOrders = Sweep.MAX_ORDERS;
  private int unwritten;
  private int conflicts;
  private int overloads;

  /** The maximum number of orders of the next attempt. */
  int maxOrders() {
    return maxOrders;
  }

  void succeeded() {
    maxOrders = Math.min(Sweep.MAX_ORDERS, 2 * maxOrders);
    reset();
  }

  Next next(SQLException failure) {
    return switch (SqlFailures.classify(failure)) {
      case BAD_RECORD, UNCLEAR -> halve();
      case TRANSIENT -> nextOfTransient(failure);
      case FATAL -> Next.STOP;
    };
  }

  private Next nextOfTransient(SQLException failure) {
    unwritten = failure instanceof ConcurrentChangeException ? unwritten + 1 : 0;
    if (unwritten >= (maxOrders == Sweep.MAX_ORDERS ? MAX_UNWRITTEN : MAX_UNWRITTEN_IN_PART)) {
      return halve();
    }
    if (SqlFailures.isConflict(failure) && ++conflicts < MAX_ATTEMPTS_AT_ONCE) {
      return Next.REPEAT_AT_ONCE;
    }
    conflicts = 0;
    if (maxOrders > 1 && SqlFailures.isTooMuchAtOnce(failure) && ++overloads == MAX_OVERLOADS) {
      return halve();
    }
    return Next.REPEAT_LATER;
  }

  private Next halve() {
    if (maxOrders == 1) {
      return Next.STOP;
    }
    maxOrders /= 2;
    reset();
    return Next.HALVE;
  }

  private void reset() {
    unwritten = 0;
    conflicts = 0;
    overloads = 0;
  }
}
