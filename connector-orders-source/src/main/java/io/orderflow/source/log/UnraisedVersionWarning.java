package io.orderflow.source.log;

import io.orderflow.source.config.TableSettings;
import io.orderflow.source.log.change.Resolution.UnraisedVersion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns, at most once a minute, of changes that do not raise the version. For one thread. */
final class UnraisedVersionWarning {

  private static final Logger log = LoggerFactory.getLogger(UnraisedVersionWarning.class);
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private long lastWarning = System.nanoTime() - INTERVAL.toNanos();

  void warn(@Nullable UnraisedVersion found) {
    if (found == null || System.nanoTime() - lastWarning < INTERVAL.toNanos()) {
      return;
    }
    lastWarning = System.nanoTime();
    log.warn(
        "{}: a change of order {} has version {}, which is not greater than {}. The change is emitted,"
            + " but consumers that compare versions, such as the inventory sink, skip it. Raise the"
            + " version with each change of an order or of its items, or remove the setting. Logged"
            + " at most once a minute.",
        TableSettings.VERSION_COLUMN,
        found.orderId(),
        found.version(),
        found.before());
  }
}
