package io.orderflow.quickstart.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The latencies of the last 10 seconds. Times are those that the databases stamped on the commits,
 * in microseconds since the epoch, so it does not matter when they are read. Thread-safe.
 */
final class LatencyWindow {

  private static final long LENGTH_MICROS = TimeUnit.SECONDS.toMicros(10);

  private record Arrival(long atMicros, long latencyMicros) {}

  private final List<Arrival> arrivals = new ArrayList<>();

  /** Adds one version, by its commits in the shop and in the warehouse. */
  synchronized void add(long committedMicros, long arrivedMicros) {
    arrivals.add(new Arrival(arrivedMicros, arrivedMicros - committedMicros));
  }

  /** Percentiles by nearest rank of what arrived in the 10 seconds before the given time. */
  synchronized Percentiles percentiles(long nowMicros) {
    arrivals.removeIf(arrival -> arrival.atMicros() < nowMicros - LENGTH_MICROS);
    long[] sorted = arrivals.stream().mapToLong(Arrival::latencyMicros).sorted().toArray();
    return new Percentiles(sorted.length, rank(sorted, 50), rank(sorted, 99));
  }

  private static double rank(long[] sorted, int percent) {
    int rank = (sorted.length * percent + 99) / 100;
    return sorted.length == 0 ? 0 : sorted[rank - 1] / 1_000.0;
  }
}
