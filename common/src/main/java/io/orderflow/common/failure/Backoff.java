package io.orderflow.common.failure;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential backoff with jitter: each attempt waits between half and all of a span that doubles
 * from {@code initial} to {@code max}. The jitter keeps tasks from coming back all at once
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/, "equal jitter").
 */
public record Backoff(Duration initial, Duration max) {

  public Backoff {
    if (initial.isNegative() || initial.isZero() || max.compareTo(initial) < 0) {
      throw new IllegalArgumentException(
          "expected 0 < initial <= max, found initial " + initial + " and max " + max);
    }
  }

  /**
   * How long to wait after a failure.
   *
   * @param attempt 0 for the first failure
   */
  public Duration delay(int attempt, RandomGenerator random) {
    // 2^40 ms is 34 years: further doublings could only overflow.
    long span = initial.toMillis() << Math.min(attempt, 40 - bits(initial.toMillis()));
    long capped = Math.min(Math.max(span, initial.toMillis()), max.toMillis());
    long half = capped / 2;
    return Duration.ofMillis(half + random.nextLong(capped - half + 1));
  }

  private static int bits(long value) {
    return Math.min(40, Long.SIZE - Long.numberOfLeadingZeros(value));
  }
}
