package io.orderflow.common.metrics;

import java.util.function.LongSupplier;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.Avg;
import org.apache.kafka.common.metrics.stats.Max;
import org.apache.kafka.common.metrics.stats.Percentiles;
import org.apache.kafka.common.metrics.stats.Percentiles.BucketSizing;

/**
 * Percentiles of the values of the last 30 to 60 seconds. Thread-safe; takes a lock, so call it
 * once for each batch.
 */
public final class RollingPercentiles {

  /**
   * Buckets grow in width with the square root of the value: with {@link #MAX}, 10 has a width of
   * 1.2, 100 of 4, and 10,000 of 38.
   */
  private static final int BYTES = 40_000;

  /** An hour in milliseconds; higher values count as this. */
  private static final double MAX = 3_600_000;

  private final MetricConfig config = new MetricConfig();
  private final Percentiles percentiles = new Percentiles(BYTES, MAX, BucketSizing.LINEAR);
  private final Max max = new Max();
  private final Avg avg = new Avg();
  private final LongSupplier clock;

  /**
   * @param clock milliseconds since the epoch
   */
  RollingPercentiles(LongSupplier clock) {
    this.clock = clock;
  }

  public void add(long value) {
    add(new long[] {value}, 1);
  }

  /**
   * Adds the first {@code count} values. Negative ones, as differing clocks produce them, count as
   * 0.
   *
   * @param values not retained
   */
  public void add(long[] values, int count) {
    long now = clock.getAsLong();
    synchronized (percentiles) {
      for (int i = 0; i < count; i++) {
        double value = Math.max(0, values[i]);
        percentiles.record(config, Math.min(value, MAX), now);
        max.record(config, value, now);
        avg.record(config, value, now);
      }
    }
  }

  /**
   * @param quantile from 0 to 1
   */
  double quantile(double quantile) {
    synchronized (percentiles) {
      return percentiles.value(config, clock.getAsLong(), quantile);
    }
  }

  double max() {
    synchronized (percentiles) {
      return max.measure(config, clock.getAsLong());
    }
  }

  double avg() {
    synchronized (percentiles) {
      return avg.measure(config, clock.getAsLong());
    }
  }
}
