package io.orderflow.benchmarks;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Polls a condition until it holds. */
public final class Waiting {

  private static final Duration GIVE_UP = Duration.ofMinutes(3);
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  /** A condition that is polled. */
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws Exception;
  }

  private Waiting() {}

  /**
   * Returns once the condition holds.
   *
   * @param pause between two looks: long enough not to disturb the measurement
   */
  public static void until(String what, Duration pause, Condition condition) throws Exception {
    long deadline = System.nanoTime() + GIVE_UP.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(what + " did not happen within " + GIVE_UP);
      }
      boolean unused = NEVER.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }
}
