package io.orderflow.benchmarks.source;

import static io.orderflow.benchmarks.measure.MarkdownTable.number;

import io.orderflow.benchmarks.measure.Cpu;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of latencies.
 *
 * @param rate orders that were to be placed in a second
 * @param latency null if the run failed
 * @param problem why it failed, else null
 */
record LatencyResult(
    String kind, String contestant, int rate, @Nullable Latency latency, @Nullable String problem) {

  static final List<String> COLUMNS =
      List.of(
          "latency, ms",
          "orders/s",
          "placed/s",
          "p50",
          "p99",
          "p99.9",
          "max",
          "CPU s/minute, worker or program",
          "PostgreSQL",
          "broker");

  private static final double[] PERCENTILES = {50, 99, 99.9, 100};

  /**
   * From the commit to the consumer.
   *
   * @param micros of each order, to three digits
   * @param placedPerSecond the rate at which orders were really committed
   * @param elapsed while orders were placed, and until the last one arrived
   * @param cpu used meanwhile
   */
  record Latency(Histogram micros, double placedPerSecond, Duration elapsed, Cpu cpu) {

    double millis(double percentile) {
      return micros.getValueAtPercentile(percentile) / 1e3;
    }

    /** Seconds of CPU time in a minute. */
    private double perMinute(Duration used) {
      return used.toMillis() * 60.0 / Math.max(1, elapsed.toMillis());
    }
  }

  boolean failed() {
    return latency == null;
  }

  List<String> row() {
    List<String> cells = new ArrayList<>(List.of(contestant, Integer.toString(rate)));
    if (latency == null) {
      cells.add("FAILED: " + problem);
      return cells;
    }
    cells.add(number("%.0f", latency.placedPerSecond()));
    for (double percentile : PERCENTILES) {
      cells.add(number("%.1f", latency.millis(percentile)));
    }
    cells.add(number("%.1f", latency.perMinute(latency.cpu().contestant())));
    cells.add(number("%.1f", latency.perMinute(latency.cpu().postgres())));
    cells.add(number("%.1f", latency.perMinute(latency.cpu().broker())));
    return cells;
  }

  /** A line for the console while the benchmark runs. */
  @Override
  public String toString() {
    return "%s, %d/s: ".formatted(contestant, rate)
        + (latency == null
            ? problem
            : String.format(
                Locale.ROOT, "p50 %.1f ms, p99 %.1f ms", latency.millis(50), latency.millis(99)));
  }

  /** The minimum of a kind's percentiles, in milliseconds. */
  static OptionalDouble best(List<LatencyResult> results, String kind, double percentile) {
    return results.stream()
        .filter(result -> result.kind.equals(kind))
        .flatMap(result -> Stream.ofNullable(result.latency))
        .mapToDouble(latency -> latency.millis(percentile))
        .min();
  }
}
