package io.orderflow.stack;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the controller takes a dead broker for alive. A broker that comes back earlier takes
 * itself for the leader it was, begins to end transactions, and loses its leadership in the midst
 * of it: they hang (docs/adr/0005-a-local-stack-of-stock-processes.md).
 */
public final class BrokerSession {
  private final Duration length;

  /** Until when the controller takes the killed broker for alive; as nanoTime counts. */
  private @Nullable Long fencedAt;

  /**
   * @param length {@code broker.session.timeout.ms}; zero if the controller dies with the broker
   */
  public BrokerSession(Duration length) {
    this.length = length;
  }

  /** The broker is gone, and could not say so. */
  public void brokerWasKilled() {
    if (!length.isZero()) {
      // The controller looks eight times a session.
      fencedAt = System.nanoTime() + length.toNanos() * 5 / 4 + 1_000_000_000L;
    }
  }

  /** Returns once the controller has noticed the kill; at once if there was none. */
  public void awaitFenced() {
    Long fenced = fencedAt;
    if (fenced == null) {
      return;
    }
    Polling.until(
        "the controller has fenced the killed broker, whose session lasts " + length,
        length.multipliedBy(3).plusSeconds(10),
        () -> System.nanoTime() - fenced >= 0,
        over -> over);
    fencedAt = null;
  }
}
