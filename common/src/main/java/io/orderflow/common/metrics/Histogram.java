package io.orderflow.common.metrics;

import java.util.List;

/**
 * Counts durations up to each of several bounds since the task started. Unlike percentiles, these
 * counts can be summed over tasks and workers. Thread-safe; takes a lock, so call it once for each
 * batch.
 */
public final class Histogram {

  private static final long[] BOUNDS_MS = {
    5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000
  };

  /** The bounds in seconds, in the notation of Prometheus, and one for longer durations. */
  static final List<String> BOUNDS =
      List.of(
          "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "30", "60",
          "300", "+Inf");

  private static final double MILLIS = 1_000;

  /** For each bound, the durations above the bound before it. Guarded by this, as is the sum. */
  private final long[] counts = new long[BOUNDS.size()];

  private long sumMs;

  Histogram() {}

  /**
   * Adds the first {@code count} durations. Negative ones, as differing clocks produce them, count
   * as 0.
   *
   * @param millis not retained
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
   * The number of durations up to a bound.
   *
   * @param bound index in {@link #BOUNDS}
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
