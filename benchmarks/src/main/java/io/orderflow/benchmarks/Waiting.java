package io.orderflow.benchmarks;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Looks at a slowly growing figure until it is what is expected. */
public final class Waiting {

  private static final Duration GIVE_UP = Duration.ofMinutes(3);
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  /** A figure that is looked at again and again. */
  @FunctionalInterface
  public interface Figure {
    boolean isReached() throws Exception;
  }

  private Waiting() {}

  /**
   * Returns once the figure is reached.
   *
   * @param pause between two looks: long enough not to disturb what is measured
   */
  public static void until(String what, Duration pause, Figure figure) throws Exception {
    long deadline = System.nanoTime() + GIVE_UP.toNanos();
    while (!figure.isReached()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("Not reached within " + GIVE_UP + ": " + what);
      }
      boolean unused = NEVER.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }
}
