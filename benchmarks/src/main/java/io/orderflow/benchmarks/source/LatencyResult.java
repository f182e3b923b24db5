package io.orderflow.benchmarks.source;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of latencies.
 *
 * @param rate orders that were to be placed in a second
 * @param latency null if it failed
 * @param problem why it failed, else null
 */
record LatencyResult(
    String kind, String contestant, int rate, @Nullable Latency latency, @Nullable String problem)
    implements Outcome {

  /** A line for who waits for the table. */
  String line() {
    return "%s, %d/s: ".formatted(contestant, rate)
        + (latency == null
            ? problem
            : "p50 %.1f ms, p99 %.1f ms"
                .formatted(latency.millis(Quantile.P50), latency.millis(Quantile.P99)));
  }

  /** In milliseconds: the least of a kind's. */
  static OptionalDouble best(List<LatencyResult> results, String kind, Quantile quantile) {
    return results.stream()
        .filter(result -> result.kind.equals(kind))
        .flatMap(result -> Stream.ofNullable(result.latency))
        .mapToDouble(latency -> latency.millis(quantile))
        .min();
  }
}
