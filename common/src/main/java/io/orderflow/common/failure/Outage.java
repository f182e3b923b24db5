package io.orderflow.common.failure;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Follows transient failures that come one after the other: says how long to wait, and logs once
 * when they begin and once when they are over, not at each attempt. Conflicts with other
 * transactions that do not end are no outage, and are named: after 10 of them in a row, and after
 * each doubling. For one thread.
 */
public final class Outage {

  /** So many in a row, at growing intervals, are no chance any more. */
  private static final int STANDING_CONFLICT = 10;

  /** What is told of outages as they come and go. */
  public interface Observer {

    /** Nobody is told. */
    Observer NONE =
        new Observer() {
          @Override
          public void failed(Throwable cause, boolean first) {}

          @Override
          public void over() {}
        };

    /**
     * An attempt has failed.
     *
     * @param first whether an outage begins with it
     */
    void failed(Throwable cause, boolean first);

    /** An outage is over. */
    void over();
  }

  private final Logger log;
  private final String what;
  private final Backoff backoff;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Observer observer;

  private @Nullable Instant since;
  private int attempts;
  private int conflicts;
  private int conflictsToName = STANDING_CONFLICT;

  /**
   * Begins with no failure.
   *
   * @param what what is tried, as a noun: "capture of public.orders"
   */
  public Outage(
      Logger log,
      String what,
      Backoff backoff,
      InstantSource clock,
      RandomGenerator random,
      Observer observer) {
    this.log = log;
    this.what = what;
    this.backoff = backoff;
    this.clock = clock;
    this.random = random;
    this.observer = observer;
  }

  /** Notes a failed attempt and returns how long to wait before the next. */
  public Duration failed(Throwable cause) {
    observer.failed(cause, since == null);
    if (since == null) {
      since = clock.instant();
      log.warn("{} is interrupted and will go on by itself: {}", what, describe(cause));
    }
    log.debug("{}: attempt {} failed", what, attempts + 1, cause);
    nameStandingConflict(cause);
    return backoff.delay(attempts++, random);
  }

  private void nameStandingConflict(Throwable cause) {
    if (!SqlFailures.isConflict(cause)) {
      forgetConflicts();
    } else if (++conflicts == conflictsToName) {
      conflictsToName *= 2;
      log.warn(
          "{} has met with a conflict {} times in a row, the server being there: {}. It is tried"
              + " again until it succeeds, and nothing is lost. Look for another writer of the"
              + " table, a second connector or a script, and for a trigger, constraint or collation"
              + " of the table that keeps its rows from being changed as they were read.",
          what,
          conflicts,
          describe(cause));
    }
  }

  private void forgetConflicts() {
    conflicts = 0;
    conflictsToName = STANDING_CONFLICT;
  }

  /** Notes an attempt that succeeded. */
  public void over() {
    Instant began = since;
    if (began != null) {
      log.info(
          "{} goes on after {} and {} failed attempts",
          what,
          Duration.between(began, clock.instant()),
          attempts);
      observer.over();
      since = null;
      attempts = 0;
      forgetConflicts();
    }
  }

  private static String describe(Throwable cause) {
    return SqlFailures.sqlState(cause).map(state -> "SQLSTATE " + state + ": ").orElse("")
        + cause.getMessage();
  }
}
