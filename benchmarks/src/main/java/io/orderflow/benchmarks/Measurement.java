package io.orderflow.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * One contestant's result.
 *
 * @param count what was captured or applied
 * @param elapsed from the first to the last of them, as the receiving side stamped them
 * @param sinceStart from the connector's creation to the last of them
 */
record Measurement(
    String workload, String contestant, long count, Duration elapsed, Duration sinceStart) {

  /** Per second. */
  double rate() {
    return count * 1e9 / Math.max(1, elapsed.toNanos());
  }

  static String table(List<Measurement> measurements) {
    StringBuilder table = new StringBuilder();
    table.append(
        "%-28s %-22s %10s %10s %12s %14s%n"
            .formatted("workload", "contestant", "count", "per s", "elapsed s", "since start s"));
    for (Measurement each : measurements) {
      table.append(
          String.format(
              Locale.ROOT,
              "%-28s %-22s %,10d %,10.0f %12.1f %14.1f%n",
              each.workload,
              each.contestant,
              each.count,
              each.rate(),
              each.elapsed.toMillis() / 1e3,
              each.sinceStart.toMillis() / 1e3));
    }
    return table.toString();
  }
}
