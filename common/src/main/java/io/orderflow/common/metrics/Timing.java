package io.orderflow.common.metrics;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.Avg;
import org.apache.kafka.common.metrics.stats.Max;

/** Measures durations. Thread-safe; takes a lock, so call it once for each batch. */
public final class Timing {

  private static final double NANOS_A_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final MetricConfig config = new MetricConfig();
  private final LongAdder nanos = new LongAdder();
  private final Max max = new Max();
  private final Avg avg = new Avg();
  private final LongSupplier clock;

  /**
   * @param clock milliseconds since the epoch
   */
  Timing(LongSupplier clock) {
    this.clock = clock;
  }

  public void add(long tookNanos) {
    nanos.add(tookNanos);
    long now = clock.getAsLong();
    synchronized (max) {
      max.record(config, tookNanos / NANOS_A_MILLI, now);
      avg.record(config, tookNanos / NANOS_A_MILLI, now);
    }
  }

  /** Adds the time since a {@link System#nanoTime}, and returns the present one. */
  public long since(long began) {
    long now = System.nanoTime();
    add(now - began);
    return now;
  }

  double totalMs() {
    return nanos.sum() / NANOS_A_MILLI;
  }

  double max() {
    synchronized (max) {
      return max.measure(config, clock.getAsLong());
    }
  }

  double avg() {
    synchronized (max) {
      return avg.measure(config, clock.getAsLong());
    }
  }
}
