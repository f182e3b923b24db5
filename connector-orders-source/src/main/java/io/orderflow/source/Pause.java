package io.orderflow.source;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wait before the next poll: none while there is more, then from a few milliseconds up to the
 * longest while nothing comes. Connect stops a task on the thread that polls it, between two polls,
 * so a long wait is made of several short ones. One thread sets and waits; any may end it for good.
 */
final class Pause {

  private static final Duration FIRST = Duration.ofMillis(4);
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  private final Duration longest;
  private final CountDownLatch ended = new CountDownLatch(1);

  private long until = System.nanoTime();
  private Duration idle = FIRST;

  Pause(Duration longest) {
    this.longest = longest;
  }

  /**
   * Waits as last set, but for a second at most; false while there is more to wait, or once ended.
   */
  boolean passed() {
    try {
      long wait = Math.min(left(), AT_ONCE.toNanos());
      return !ended.await(wait, TimeUnit.NANOSECONDS) && left() <= 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The next poll comes at once. */
  void none() {
    of(Duration.ZERO);
    idle = FIRST;
  }

  /** Something came, and that was all. */
  void brief() {
    idle = FIRST;
    of(shorter(idle, longest));
  }

  /** Nothing came: twice as long as the last time. */
  void longer() {
    of(shorter(idle, longest));
    idle = shorter(idle.multipliedBy(2), longest);
  }

  /** The next poll comes after this time. */
  void of(Duration time) {
    until = System.nanoTime() + time.toNanos();
  }

  boolean isOver() {
    return ended.getCount() == 0;
  }

  /** Ends the wait at hand and all to come. */
  void end() {
    ended.countDown();
  }

  private long left() {
    return until - System.nanoTime();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
