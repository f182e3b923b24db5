package io.orderflow.common.metrics;

import io.orderflow.common.failure.Outage;
import io.orderflow.common.failure.RetryClass;
import io.orderflow.common.failure.SqlFailures;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the outages of a task's threads, and what is tried again. Any thread. */
public final class OutageMetrics implements Outage.Observer {

  private static final Metric OUTAGES =
      Metric.counter("outages", "outages", "Outages of the database that have begun.");
  private static final Metric ONGOING =
      Metric.gauge(
          "outages-ongoing",
          "threads",
          "Threads of the task that wait for the database now, and try again and again.");
  private static final Metric RETRIES =
      Metric.counter(
          "retries",
          "attempts",
          "Transactions that failed and are tried again, by what stood in the way: the connection,"
              + " another transaction (conflict), a time limit, the server's resources, a server"
              + " that starts, stops or only reads (unavailable).");

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
  public void failed(Throwable cause, boolean first) {
    if (first) {
      outages.add(1);
      ongoing.incrementAndGet();
    }
    Objects.requireNonNull(retries.get(SqlFailures.retryClass(cause))).add(1);
  }

  /** Counts attempts that were made again at once, without any outage. */
  public void retried(RetryClass what, int times) {
    Objects.requireNonNull(retries.get(what)).add(times);
  }

  @Override
  public void over() {
    ongoing.decrementAndGet();
  }
}
