package io.orderflow.source.log.change;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says that the shop changes orders without a greater version. For one thread. */
final class UnraisedVersions {

  private static final Logger log = LoggerFactory.getLogger(UnraisedVersions.class);
  private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

  private final InstantSource clock;

  private Instant nextWarning = Instant.MIN;

  UnraisedVersions(InstantSource clock) {
    this.clock = clock;
  }

  void found(String orderId, long version, long before) {
    Instant now = clock.instant();
    if (now.isAfter(nextWarning)) {
      nextWarning = now.plus(BETWEEN_WARNINGS);
      log.warn(
          "version.column: expected a version greater than {} with a change of order {}, found {}. The change is told all the same, but whoever"
              + " goes by versions, as the inventory sink does, passes over it. Raise the version with each change of an order or of its items,"
              + " or leave version.column away. This is said once a minute at most.",
          before,
          orderId,
          version);
    }
  }
}
