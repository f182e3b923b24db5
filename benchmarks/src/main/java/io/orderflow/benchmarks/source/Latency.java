package io.orderflow.benchmarks.source;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * From the commit to the consumer.
 *
 * @param micros by how many of the orders it took no longer
 * @param placedPerSecond how many orders a second were really committed meanwhile
 */
record Latency(Map<Quantile, Long> micros, double placedPerSecond) {

  /** Of each order that was measured, in microseconds and in any order. */
  static Latency of(long[] micros, double placedPerSecond) {
    long[] sorted = micros.clone();
    Arrays.sort(sorted);
    Map<Quantile, Long> quantiles = new EnumMap<>(Quantile.class);
    for (Quantile quantile : Quantile.values()) {
      quantiles.put(quantile, quantile.of(sorted));
    }
    return new Latency(quantiles, placedPerSecond);
  }

  double millis(Quantile quantile) {
    return Objects.requireNonNull(micros.get(quantile)) / 1e3;
  }
}
