package io.orderflow.common.metrics;

import java.util.List;

/**
 * How many durations there were up to each of some bounds, since the task started: what can be
 * summed up over tasks and workers, as percentiles cannot. Any thread, once a batch: it takes a
 * lock for all values of one.
 */
public final class Histogram {

  private static final long[] BOUNDS_MS = {
    5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000
  };

  /** The same in seconds, and one for all that is longer, as Prometheus writes them. */
  static final List<String> BOUNDS =
      List.of(
          "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "30", "60",
          "300", "+Inf");

  private static final double MILLIS = 1_000;

  /** By bound, how many were above the one before. Guarded by this, as is the sum. */
  private final long[] counts = new long[BOUNDS.size()];

  private long sumMs;

  Histogram() {}

  /**
   * Adds the first of some durations; those below 0, as clocks that differ make them, count as 0.
   *
   * @param millis not kept
   */
  public synchronized void add(long[] millis, int count) {
    for (int i = 0; i < count; i++) {
      long value = Math.max(0, millis[i]);
      int bound = 0;
      while (bound < BOUNDS_MS.length && value > BOUNDS_MS[bound]) {
        bound++;
      }
      counts[bound]++;
      sumMs += value;
    }
  }

  /**
   * How many were not above a bound.
   *
   * @param bound its place in {@link #BOUNDS}
   */
  synchronized long upTo(int bound) {
    long total = 0;
    for (int i = 0; i <= bound; i++) {
      total += counts[i];
    }
    return total;
  }

  long count() {
    return upTo(BOUNDS_MS.length);
  }

  synchronized double sumSeconds() {
    return sumMs / MILLIS;
  }
}
