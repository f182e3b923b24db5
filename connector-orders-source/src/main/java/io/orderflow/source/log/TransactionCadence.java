package io.orderflow.source.log;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Decides how long to collect changes before the next Kafka transaction. Each transaction costs
 * milliseconds of CPU in worker and broker, regardless of its size. So the wait lasts as long as
 * the previous transaction took to be sent and committed, which leaves about half of the time to
 * other work; a slow broker gets fewer and larger transactions. For one thread.
 */
final class TransactionCadence {

  /**
   * The wait if capture is behind, or after a chunk of the initial snapshot: by then the producer's
   * sender is idle, so that a commit cannot reach the broker before its records (ADR 0006).
   */
  static final Duration SENDER_IDLE = Duration.ofMillis(2);

  /** The minimum otherwise, even after a quick commit (ADR 0015). */
  static final Duration MIN = Duration.ofMillis(6);

  static final Duration MAX = Duration.ofMillis(25);

  /** From this number of orders on, a transaction's fixed cost is comparatively small. */
  static final long LARGE_TRANSACTION = 1_000;

  private final LongSupplier nanoTime;

  private long sent;
  private long sentAt;

  /**
   * Starts without a previous transaction.
   *
   * @param nanoTime a clock like {@link System#nanoTime}
   */
  TransactionCadence(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Called when a poll returns, and Connect begins to send its records. */
  void pollReturns(int records) {
    sent = records;
    sentAt = nanoTime.getAsLong();
  }

  /**
   * Called when the next poll begins.
   *
   * @param lagOrders the number of orders that were read but not emitted yet
   * @return how long to collect changes
   */
  Duration pollBegins(long lagOrders) {
    if (sent == 0) {
      return Duration.ZERO;
    }
    boolean large = Math.max(sent, lagOrders) >= LARGE_TRANSACTION;
    sent = 0;
    Duration busy = Duration.ofNanos(nanoTime.getAsLong() - sentAt);
    if (large) {
      return SENDER_IDLE;
    }
    if (busy.compareTo(MIN) < 0) {
      return MIN;
    }
    return busy.compareTo(MAX) < 0 ? busy : MAX;
  }
}
