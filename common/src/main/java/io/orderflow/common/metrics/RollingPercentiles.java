package io.orderflow.common.metrics;

import java.util.function.LongSupplier;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.Avg;
import org.apache.kafka.common.metrics.stats.Max;
import org.apache.kafka.common.metrics.stats.Percentiles;
import org.apache.kafka.common.metrics.stats.Percentiles.BucketSizing;

/**
 * How values are distributed: the last 30 to 60 seconds count. Any thread, once a batch: it takes a
 * lock for all values of one.
 */
public final class RollingPercentiles {

  /**
   * Buckets grow in width with the square root of the value: of {@link #MOST}, 10 has a width of
   * 1.2, 100 of 4, and 10,000 of 38.
   */
  private static final int BYTES = 40_000;

  /** Values above, an hour in milliseconds, count as this. */
  private static final double MOST = 3_600_000;

  private final MetricConfig config = new MetricConfig();
  private final Percentiles percentiles = new Percentiles(BYTES, MOST, BucketSizing.LINEAR);
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
   * Adds the first of some values; those below 0, as clocks that differ make them, count as 0.
   *
   * @param values not kept
   */
  public void add(long[] values, int count) {
    long now = clock.getAsLong();
    synchronized (percentiles) {
      for (int i = 0; i < count; i++) {
        double value = Math.max(0, values[i]);
        percentiles.record(config, Math.min(value, MOST), now);
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
