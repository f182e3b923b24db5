package io.orderflow.common.failure;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Follows transient failures that come one after the other: says how long to wait, and logs once
 * when they begin and once when they are over, not at each attempt. For one thread.
 */
public final class Outage {

  private final Logger log;
  private final String what;
  private final Backoff backoff;
  private final InstantSource clock;
  private final RandomGenerator random;

  private @Nullable Instant since;
  private int attempts;

  /**
   * Begins with no failure.
   *
   * @param what what is tried, as a noun: "capture of public.orders"
   */
  public Outage(
      Logger log, String what, Backoff backoff, InstantSource clock, RandomGenerator random) {
    this.log = log;
    this.what = what;
    this.backoff = backoff;
    this.clock = clock;
    this.random = random;
  }

  /** Notes a failed attempt and returns how long to wait before the next. */
  public Duration failed(Throwable cause) {
    if (since == null) {
      since = clock.instant();
      log.warn("{} is interrupted and will go on by itself: {}", what, describe(cause));
    }
    log.debug("{}: attempt {} failed", what, attempts + 1, cause);
    return backoff.delay(attempts++, random);
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
      since = null;
      attempts = 0;
    }
  }

  private static String describe(Throwable cause) {
    return SqlFailures.sqlState(cause).map(state -> "SQLSTATE " + state + ": ").orElse("")
        + cause.getMessage();
  }
}
