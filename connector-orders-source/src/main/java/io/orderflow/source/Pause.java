package io.orderflow.source;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wait before the next poll: none while there is more, then from a few milliseconds up to the
 * longest while nothing comes. One thread sets and waits; another may end it for good.
 */
final class Pause {

  private static final Duration FIRST = Duration.ofMillis(4);

  private final Duration longest;
  private final CountDownLatch ended = new CountDownLatch(1);

  private Duration next = Duration.ZERO;
  private Duration idle = FIRST;

  Pause(Duration longest) {
    this.longest = longest;
  }

  /** Waits as last set; false once ended. */
  boolean passed() {
    try {
      return !ended.await(next.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The next poll comes at once. */
  void none() {
    next = Duration.ZERO;
    idle = FIRST;
  }

  /** Something came, and that was all. */
  void brief() {
    idle = FIRST;
    next = shorter(idle, longest);
  }

  /** Nothing came: twice as long as the last time. */
  void longer() {
    next = shorter(idle, longest);
    idle = shorter(idle.multipliedBy(2), longest);
  }

  /** The next poll comes after this time. */
  void of(Duration time) {
    next = time;
  }

  boolean isOver() {
    return ended.getCount() == 0;
  }

  /** Ends the wait at hand and all to come. */
  void end() {
    ended.countDown();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
