package io.orderflow.source.log;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long changes gather before the next Kafka transaction. Each transaction costs milliseconds of
 * CPU in worker and broker, whatever its size. So changes gather for as long as the transaction
 * before took to be sent and committed, and about half of the time is left to other work; a slow
 * broker thereby gets fewer and larger transactions. For one thread.
 */
final class TransactionCadence {

  /**
   * Even if a commit is quick: the producer's sender has become idle by then, which keeps a commit
   * from reaching the broker before its records (ADR 0006).
   */
  static final Duration MIN = Duration.ofMillis(2);

  static final Duration MAX = Duration.ofMillis(25);

  /** With so many orders a transaction's fixed cost is small in comparison. */
  static final long LARGE_TRANSACTION = 1_000;

  private final LongSupplier nanoTime;

  private boolean sent;
  private long sentAt;

  /**
   * Starts without a transaction before.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  TransactionCadence(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Called when a poll returns, and Connect begins to send its records. */
  void pollReturns(int records) {
    sent = records > 0;
    sentAt = nanoTime.getAsLong();
  }

  /**
   * Called when the next poll begins.
   *
   * @param lagOrders orders that are read and not emitted
   * @return how long to let changes gather
   */
  Duration pollBegins(long lagOrders) {
    if (!sent) {
      return Duration.ZERO;
    }
    sent = false;
    Duration busy = Duration.ofNanos(nanoTime.getAsLong() - sentAt);
    if (busy.compareTo(MIN) < 0 || lagOrders >= LARGE_TRANSACTION) {
      return MIN;
    }
    return busy.compareTo(MAX) < 0 ? busy : MAX;
  }
}
