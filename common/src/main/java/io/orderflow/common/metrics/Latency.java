package io.orderflow.common.metrics;

import java.util.Map;

/**
 * How long after something in the shop something of ours happened: percentiles of the last minute,
 * {@code NAME-ms}, and a histogram, {@code NAME-seconds}. Any thread, once a batch.
 */
public final class Latency {

  private final RollingPercentiles recent;
  private final Histogram all;

  /**
   * Shows both from now on.
   *
   * @param name without a unit
   * @param says from what to what
   */
  public Latency(TaskMetrics metrics, String name, String says) {
    recent = metrics.distribution(Metric.distribution(name + "-ms", "ms", says), Map.of());
    all =
        metrics.histogram(
            Metric.histogram(
                name + "-seconds",
                "The same since the task started, to be summed up over tasks and workers. Bounds: %s."
                    .formatted(String.join(", ", Histogram.BOUNDS))));
  }

  /**
   * Adds the first of some durations.
   *
   * @param millis not kept
   */
  public void add(long[] millis, int count) {
    recent.add(millis, count);
    all.add(millis, count);
  }
}
