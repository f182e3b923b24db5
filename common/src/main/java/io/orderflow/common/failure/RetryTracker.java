package io.orderflow.common.failure;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.utils.ExponentialBackoff;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Follows consecutive transient failures: computes the wait before the next attempt, and logs when
 * an outage begins, once for each minute that it lasts, and when it ends, not at each attempt. If
 * its cause changes, as when a server has shut down and then refuses connections, each new cause is
 * logged once. A conflict with other transactions that does not end is no outage; it is logged
 * after 10 consecutive conflicts, and after each doubling. For one thread.
 */
public final class RetryTracker {

  private static final int FIRST_CONFLICT_WARNING = 10;
  private static final double JITTER = 0.2;
  private static final Duration REMINDER = Duration.ofMinutes(1);

  /** So that causes that take turns do not fill the log. */
  private static final int MAX_CAUSES = 5;

  /** Notified when attempts fail and when an outage ends. */
  public interface Listener {

    /** Ignores everything. */
    Listener NONE =
        new Listener() {
          @Override
          public void outageBegan(Throwable cause) {}

          @Override
          public void attemptFailed(Throwable cause) {}

          @Override
          public void outageEnded() {}
        };

    /** Called once for each outage, before {@link #attemptFailed} of its first failure. */
    void outageBegan(Throwable cause);

    /** Called for each failed attempt. */
    void attemptFailed(Throwable cause);

    /** Called when an attempt succeeds after an outage. */
    void outageEnded();
  }

  private final Logger log;
  private final String operation;
  private final ExponentialBackoff backoff;
  private final InstantSource clock;
  private final Listener listener;

  /** The SQLSTATEs of the outage that are in the log. */
  private final Set<String> causes = new HashSet<>();

  private @Nullable Instant outageBegan;
  private Instant nextReminder = Instant.MAX;
  private int attempts;
  private int conflicts;
  private int nextConflictWarning = FIRST_CONFLICT_WARNING;

  /**
   * Creates a tracker that has seen no failure.
   *
   * @param operation what is retried, as a noun: "Capture of public.orders"
   */
  public RetryTracker(
      Logger log,
      String operation,
      ExponentialBackoff backoff,
      InstantSource clock,
      Listener listener) {
    this.log = log;
    this.operation = operation;
    this.backoff = backoff;
    this.clock = clock;
    this.listener = listener;
  }

  /** A backoff that doubles, with jitter, so that tasks do not return all at the same moment. */
  public static ExponentialBackoff backoff(Duration initial, Duration max) {
    return new ExponentialBackoff(initial.toMillis(), 2, max.toMillis(), JITTER);
  }

  /** Records a failed attempt and returns the wait before the next one. */
  public Duration failed(Throwable cause) {
    Duration wait = Duration.ofMillis(backoff.backoff(attempts));
    Instant now = clock.instant();
    Instant began = outageBegan;
    if (began == null) {
      outageBegan = now;
      nextReminder = now.plus(REMINDER);
      listener.outageBegan(cause);
      causes.clear();
    }
    if (causes.size() < MAX_CAUSES && causes.add(SqlFailures.sqlState(cause).orElse(""))) {
      log.warn("{} failed; retrying in {} ms: {}", operation, wait.toMillis(), describe(cause));
    } else if (!now.isBefore(nextReminder)) {
      nextReminder = now.plus(REMINDER);
      log.warn(
          "{} still fails after {} s and {} attempts; retrying until it succeeds: {}",
          operation,
          Duration.between(began, now).toSeconds(),
          attempts + 1,
          describe(cause));
    }
    listener.attemptFailed(cause);
    attempts++;
    log.debug("{}: attempt {} failed", operation, attempts, cause);
    warnOfLastingConflict(cause);
    return wait;
  }

  private void warnOfLastingConflict(Throwable cause) {
    if (!SqlFailures.isConflict(cause)) {
      resetConflicts();
    } else if (++conflicts == nextConflictWarning) {
      nextConflictWarning *= 2;
      log.warn(
          "{} met {} consecutive conflicts while the server was available: {}. It is retried until"
              + " it succeeds, and nothing is lost. Look for another writer of the table, a second"
              + " connector or a script, and for a trigger, constraint or collation of the table"
              + " that prevents rows from being changed as they were read.",
          operation,
          conflicts,
          describe(cause));
    }
  }

  private void resetConflicts() {
    conflicts = 0;
    nextConflictWarning = FIRST_CONFLICT_WARNING;
  }

  /** Records a successful attempt, which ends an outage. */
  public void succeeded() {
    Instant began = outageBegan;
    if (began != null) {
      log.info(
          "{} continues after {} ms and {} failed attempts",
          operation,
          Duration.between(began, clock.instant()).toMillis(),
          attempts);
      listener.outageEnded();
      outageBegan = null;
      attempts = 0;
      resetConflicts();
    }
  }

  private static String describe(Throwable cause) {
    return SqlFailures.sqlState(cause).map(state -> "SQLSTATE " + state + ": ").orElse("")
        + cause.getMessage();
  }
}
