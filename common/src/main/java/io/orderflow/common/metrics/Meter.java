package io.orderflow.common.metrics;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.Rate;

/** Counts occurrences and their rate. Thread-safe; takes a lock, so call it once for each batch. */
public final class Meter {

  private final MetricConfig config = new MetricConfig();
  private final LongAdder count = new LongAdder();
  private final Rate rate = new Rate();
  private final LongSupplier clock;

  /**
   * @param clock milliseconds since the epoch
   */
  Meter(LongSupplier clock) {
    this.clock = clock;
  }

  public void add(long more) {
    count.add(more);
    synchronized (rate) {
      rate.record(config, (double) more, clock.getAsLong());
    }
  }

  long sum() {
    return count.sum();
  }

  double perSecond() {
    synchronized (rate) {
      return rate.measure(config, clock.getAsLong());
    }
  }
}
