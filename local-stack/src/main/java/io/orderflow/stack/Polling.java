package io.orderflow.stack;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Waits for a server in the caller's thread. */
final class Polling {
  private static final Duration INTERVAL = Duration.ofMillis(50);

  private Polling() {}

  /**
   * Returns the first value that the predicate accepts.
   *
   * @param condition the name of the condition in the message of a timeout
   * @throws StackException with the last value, if none is accepted in time
   */
  static <T> T until(
      String condition, Duration timeout, Callable<T> look, Predicate<? super T> accepted) {
    try {
      return Awaitility.await(condition)
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(INTERVAL)
          .atMost(timeout)
          .until(look, accepted);
    } catch (ConditionTimeoutException e) {
      throw new StackException(String.valueOf(e.getMessage()), e);
    }
  }
}
