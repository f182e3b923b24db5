package io.orderflow.sink.apply;

import io.orderflow.common.failure.SqlFailures;
import io.orderflow.sink.warehouse.ConcurrentChangeException;
import io.orderflow.sink.warehouse.RequiredSchema;
import io.orderflow.sink.warehouse.WriteMode;
import io.orderflow.sink.warehouse.WriteMode.InsertStrategy;
import io.orderflow.sink.warehouse.WriteMode.StockLockOrder;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the failed attempts of one batch, and decides what follows from each. For one thread. */
final class Attempts {

  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  /** How often a batch is attempted without a pause while other transactions are faster. */
  private static final int MAX_ATTEMPTS_AT_ONCE = 5;

  /** How often a batch may exceed the server's limits before it is halved. */
  private static final int MAX_OVERLOADS = 3;

  /** What follows from a failed attempt. */
  enum Next {
    REPEAT_AT_ONCE,
    REPEAT_LATER,
    HALVE,
    REJECT,
    SUSPECT,
    STOP
  }

  private final int maxUnwritten;
  private final FunctionFailures functions;
  private final GuardedInserts guarded;
  private int unwritten;
  private int conflicts;
  private int overloads;

  /**
   * Creates an object for a batch that has not been attempted.
   *
   * @param maxUnwritten how often rows may not be written, without an error
   */
  Attempts(int maxUnwritten, FunctionFailures functions, GuardedInserts guarded) {
    this.maxUnwritten = maxUnwritten;
    this.functions = functions;
    this.guarded = guarded;
  }

  WriteMode mode() {
    return new WriteMode(
        guarded.isOn() ? InsertStrategy.GUARDED : InsertStrategy.COPY,
        conflicts > 0 ? StockLockOrder.FIRST : StockLockOrder.LAST);
  }

  Next next(SQLException failure, WriteMode mode, int records) {
    if (mode.inserts() == InsertStrategy.COPY && isOfCopy(failure)) {
      guarded.begin();
      return Next.REPEAT_AT_ONCE;
    }
    return switch (SqlFailures.classify(failure)) {
      case BAD_RECORD ->
          records > 1 ? Next.HALVE : isOfUnknownColumn(failure) ? Next.SUSPECT : Next.REJECT;
      case UNCLEAR -> records > 1 ? Next.HALVE : Next.SUSPECT;
      case TRANSIENT -> nextOfTransient(failure, records);
      case FATAL -> Next.STOP;
    };
  }

  /** Another task was faster, or row-level security applies, which COPY does not support. */
  private static boolean isOfCopy(SQLException failure) {
    return SqlFailures.isUniqueViolation(failure) || SqlFailures.isNotSupported(failure);
  }

  /**
   * A column that the sink does not know must not be null: unless a trigger fills it for other
   * records, all of them are rejected.
   */
  private static boolean isOfUnknownColumn(SQLException failure) {
    return SqlFailures.nullColumn(failure)
        .filter(column -> !RequiredSchema.isWritten(column))
        .isPresent();
  }

  private Next nextOfTransient(SQLException failure, int records) {
    unwritten = failure instanceof ConcurrentChangeException ? unwritten + 1 : 0;
    if (unwritten >= maxUnwritten) {
      return records > 1 ? Next.HALVE : Next.REJECT;
    }
    if (functions.isLasting(failure)) {
      return records > 1 ? Next.HALVE : Next.SUSPECT;
    }
    if (SqlFailures.isConflict(failure) && ++conflicts < MAX_ATTEMPTS_AT_ONCE) {
      return Next.REPEAT_AT_ONCE;
    }
    conflicts = 0;
    if (records > 1 && SqlFailures.isTooMuchAtOnce(failure) && ++overloads == MAX_OVERLOADS) {
      LOG.warn(
          "A transaction of {} records exceeds the server's limits ({}); halving it",
          records,
          failure.getMessage());
      return Next.HALVE;
    }
    return Next.REPEAT_LATER;
  }
}
