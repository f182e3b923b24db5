package io.orderflow.source.capture;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wait before the next poll: none while there is more, then from a quarter of the longest up to
 * it while nothing comes. Not less than that, since each poll that finds an order costs a Kafka
 * transaction, and shops that change an order every few milliseconds would pay for one each time.
 * Connect stops a task on the thread that polls it, between two polls, so a long wait is made of
 * several short ones. One thread sets and waits; any may end it for good.
 */
public final class Pause {

  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  private final Duration longest;
  private final Duration first;
  private final CountDownLatch ended = new CountDownLatch(1);

  private long until = System.nanoTime();
  private Duration idle;

  public Pause(Duration longest) {
    this.longest = longest;
    this.first = longest.dividedBy(4);
    this.idle = first;
  }

  /**
   * Waits as last set, but for a second at most; false while there is more to wait, or once ended.
   */
  public boolean passed() {
    try {
      long wait = Math.min(left(), AT_ONCE.toNanos());
      return !ended.await(wait, TimeUnit.NANOSECONDS) && left() <= 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The next poll comes at once. */
  public void none() {
    of(Duration.ZERO);
    idle = first;
  }

  /** Something came, and that was all. */
  public void brief() {
    idle = first;
    of(shorter(idle, longest));
  }

  /** Nothing came: twice as long as the last time. */
  public void longer() {
    of(shorter(idle, longest));
    idle = shorter(idle.multipliedBy(2), longest);
  }

  /** The next poll comes after this time. */
  public void of(Duration time) {
    until = System.nanoTime() + time.toNanos();
  }

  public boolean isOver() {
    return ended.getCount() == 0;
  }

  /** Ends the wait at hand and all to come. */
  public void end() {
    ended.countDown();
  }

  private long left() {
    return until - System.nanoTime();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
