package io.orderflow.common.metrics;

import io.orderflow.common.database.Database.PoolUse;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/** Metrics of a pool of connections. */
public final class PoolMetrics {

  private static final Metric ACTIVE =
      Metric.gauge("connections-active", "connections", "Connections with a transaction.");
  private static final Metric IDLE =
      Metric.gauge("connections-idle", "connections", "Connections without a transaction.");
  private static final Metric WAITING =
      Metric.gauge(
          "connections-waiting",
          "threads",
          "Threads that wait for a connection. Above 0, the server provides too few.");

  private PoolMetrics() {}

  /**
   * Registers the metrics of a pool.
   *
   * @param pool the pool's name within the task
   * @param use reads the present use, see {@link io.orderflow.common.database.Database#use}
   */
  public static void register(TaskMetrics metrics, String pool, Supplier<PoolUse> use) {
    Map<String, String> tags = Map.of("pool", pool);
    gauge(metrics, ACTIVE, tags, use, PoolUse::active);
    gauge(metrics, IDLE, tags, use, PoolUse::idle);
    gauge(metrics, WAITING, tags, use, PoolUse::waiting);
  }

  private static void gauge(
      TaskMetrics metrics,
      Metric metric,
      Map<String, String> tags,
      Supplier<PoolUse> use,
      ToIntFunction<PoolUse> value) {
    metrics.gauge(metric, tags, () -> value.applyAsInt(use.get()));
  }
}
