package io.orderflow.common.metrics;

import io.orderflow.common.failure.RetryClass;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.common.failure.SqlFailures;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the outages of a task's threads and their retries. Thread-safe. */
public final class OutageMetrics implements RetryTracker.Listener {

  private static final Metric OUTAGES =
      Metric.counter("outages", "outages", "Outages of the database since the task started.");
  private static final Metric ONGOING =
      Metric.gauge(
          "outages-ongoing",
          "threads",
          "Threads of the task that are waiting for the database now.");
  private static final Metric RETRIES =
      Metric.counter(
          "retries",
          "attempts",
          "Transactions that failed and were retried, by cause: the connection, another transaction"
              + " (conflict), a time limit (timeout), the server's resources, or a server that is"
              + " starting, stopping or read-only (unavailable).");

  private final Counter outages;
  private final AtomicInteger ongoing = new AtomicInteger();
  private final Map<RetryClass, Counter> retries = new EnumMap<>(RetryClass.class);

  public OutageMetrics(TaskMetrics metrics) {
    outages = metrics.counter(OUTAGES, Map.of());
    metrics.gauge(ONGOING, Map.of(), ongoing::get);
    for (RetryClass each : RetryClass.values()) {
      retries.put(
          each, metrics.counter(RETRIES, Map.of("class", each.name().toLowerCase(Locale.ROOT))));
    }
  }

  @Override
  public void outageBegan(Throwable cause) {
    outages.add(1);
    ongoing.incrementAndGet();
  }

  @Override
  public void attemptFailed(Throwable cause) {
    Objects.requireNonNull(retries.get(SqlFailures.retryClass(cause))).add(1);
  }

  /** Counts attempts that were repeated at once, without an outage. */
  public void retried(RetryClass reason, int times) {
    Objects.requireNonNull(retries.get(reason)).add(times);
  }

  @Override
  public void outageEnded() {
    ongoing.decrementAndGet();
  }
}
