package io.orderflow.common.config;

import io.orderflow.common.failure.RetryTracker;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.utils.ExponentialBackoff;

/** How long a task waits between attempts: the {@code retry.*} settings of both connectors. */
public final class RetrySettings {

  public static final String BACKOFF = "retry.backoff.ms";
  public static final String MAX_BACKOFF = "retry.backoff.max.ms";

  private RetrySettings() {}

  /** The wait before the first new attempt. */
  public static Setting backoffSetting() {
    return Setting.of(BACKOFF, Type.LONG)
        .defaultsTo(100L)
        .between(1L, 600_000L)
        .low()
        .documented(
            "Wait before the first retry after a transient failure, such as an unavailable database,"
                + " in milliseconds. The wait doubles with each attempt, with jitter.");
  }

  /** The longest wait. */
  public static Setting maxBackoffSetting(Duration defaultValue) {
    return Setting.of(MAX_BACKOFF, Type.LONG)
        .defaultsTo(defaultValue.toMillis())
        .between(1L, 3_600_000L)
        .low()
        .documented("Maximum wait between two attempts, in milliseconds.");
  }

  /** The backoff that the settings describe. */
  public static ExponentialBackoff backoff(AbstractConfig config) {
    return RetryTracker.backoff(
        Duration.ofMillis(config.getLong(BACKOFF)), Duration.ofMillis(config.getLong(MAX_BACKOFF)));
  }

  /** Reports a maximum that is below the first wait. */
  public static List<Finding> findings(AbstractConfig config) {
    long first = config.getLong(BACKOFF);
    long max = config.getLong(MAX_BACKOFF);
    return max < first
        ? List.of(
            new Finding(
                MAX_BACKOFF,
                "%d ms is less than the first wait of %d ms; raise it or lower %s"
                    .formatted(max, first, BACKOFF)))
        : List.of();
  }
}
