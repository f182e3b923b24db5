package io.orderflow.stack;

import java.time.Duration;
import java.util.Optional;

/** Waits for a condition, looking at it again and again. */
final class Readiness {
  private static final long PAUSE_MILLIS = 50;

  private Readiness() {}

  /** What a look at the condition found. */
  @FunctionalInterface
  interface Probe {
    /** Empty when the condition holds, else what was found instead. */
    Optional<String> look() throws InterruptedException;
  }

  /**
   * @param what the condition, as in "Timed out after 60 s: {what}"
   * @throws StackException with what the last look found, if the condition does not hold in time
   */
  static void await(String what, Duration timeout, Probe probe) {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      while (true) {
        Optional<String> found = probe.look();
        if (found.isEmpty()) {
          return;
        }
        if (System.nanoTime() - deadline > 0) {
          throw new StackException(
              "Timed out after " + timeout.toSeconds() + " s: " + what + ". " + found.get());
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while waiting: " + what, e);
    }
  }
}
