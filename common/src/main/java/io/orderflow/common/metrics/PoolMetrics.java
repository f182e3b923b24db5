package io.orderflow.common.metrics;

import io.orderflow.common.database.PoolUse;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/** Shows how the connections of a pool are used. */
public final class PoolMetrics {

  private static final Metric ACTIVE =
      Metric.gauge("connections-active", "connections", "Connections with a transaction.");
  private static final Metric IDLE =
      Metric.gauge("connections-idle", "connections", "Connections without one.");
  private static final Metric WAITING =
      Metric.gauge(
          "connections-waiting",
          "threads",
          "Threads that wait for a connection: 0, unless the server gives none.");

  private PoolMetrics() {}

  /**
   * Shows a pool.
   *
   * @param pool its name among the pools of the task
   * @param use as the pool tells it, see {@link io.orderflow.common.database.Database#use}
   */
  public static void show(TaskMetrics metrics, String pool, Supplier<PoolUse> use) {
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
