package io.orderflow.source.capture;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wait between two polls: none while a capture is behind, then a quarter of the maximum, and up
 * to the maximum while nothing changes. A shorter wait would cost a Kafka transaction for each
 * change, in databases that change every few milliseconds. Connect stops a task on the thread that
 * polls it, so a long wait consists of several short ones. One thread sets and awaits; any may end.
 */
final class Pause {

  private static final Duration MAX_AWAIT = Duration.ofSeconds(1);

  private final Duration max;
  private final Duration first;
  private final CountDownLatch ended = new CountDownLatch(1);

  private long until = System.nanoTime();
  private Duration idle;

  Pause(Duration max) {
    this.max = max;
    this.first = max.dividedBy(4);
    this.idle = first;
  }

  /** Waits for at most a second; false if there is more to wait, or once ended. */
  boolean await() throws InterruptedException {
    long wait = Math.min(remainingNanos(), MAX_AWAIT.toNanos());
    return !ended.await(wait, TimeUnit.NANOSECONDS) && remainingNanos() <= 0;
  }

  /** Sets the wait by the pace of a poll; it doubles with each idle one. */
  void set(Capture.Pace pace) {
    switch (pace) {
      case AT_ONCE, PENDING -> {
        set(Duration.ZERO);
        idle = first;
      }
      case CAUGHT_UP -> {
        idle = first;
        set(idle);
      }
      case IDLE -> {
        set(idle);
        Duration doubled = idle.multipliedBy(2);
        idle = doubled.compareTo(max) < 0 ? doubled : max;
      }
    }
  }

  void set(Duration wait) {
    until = System.nanoTime() + wait.toNanos();
  }

  boolean isEnded() {
    return ended.getCount() == 0;
  }

  /** Ends the current wait and all later ones. */
  void end() {
    ended.countDown();
  }

  private long remainingNanos() {
    return until - System.nanoTime();
  }
}
