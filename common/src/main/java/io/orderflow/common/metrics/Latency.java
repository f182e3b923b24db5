package io.orderflow.common.metrics;

import java.util.Map;

/**
 * Measures a latency in two ways: percentiles of the last minute, {@code NAME-ms}, and a histogram,
 * {@code NAME-seconds}. Thread-safe; call it once for each batch.
 */
public final class Latency {

  private final RollingPercentiles recent;
  private final Histogram all;

  /**
   * Registers both metrics.
   *
   * @param name without a unit
   * @param description where the latency begins and ends
   */
  public Latency(TaskMetrics metrics, String name, String description) {
    recent = metrics.distribution(Metric.distribution(name + "-ms", "ms", description), Map.of());
    all =
        metrics.histogram(
            Metric.histogram(
                name + "-seconds",
                "The same latency since the task started, as counts that can be summed over tasks and workers. Bounds: %s."
                    .formatted(String.join(", ", Histogram.BOUNDS))));
  }

  /**
   * Adds the first {@code count} durations.
   *
   * @param millis not retained
   */
  public void add(long[] millis, int count) {
    recent.add(millis, count);
    all.add(millis, count);
  }
}
