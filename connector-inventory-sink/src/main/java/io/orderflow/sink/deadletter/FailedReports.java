package io.orderflow.sink.deadletter;

import io.orderflow.common.failure.RetryTracker;
import io.orderflow.sink.record.Coordinates;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.kafka.common.utils.ExponentialBackoff;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what follows when the dead-letter queue does not take a record: another attempt after a
 * wait, or the end of the task. Connect does not pass on the producer's reason, but it shows in the
 * time: a producer that cannot reach the queue blocks until {@code max.block.ms}, and is tried
 * again without end, as in any outage; one that rejects a record, because of its size or for lack
 * of a permission, does so at once.
 */
final class FailedReports {

  private static final Logger LOG = LoggerFactory.getLogger(FailedReports.class);

  private static final long OUTAGE_NANOS = Duration.ofSeconds(1).toNanos();

  /** A single failure may be a report that was written so fast that it looks like one. */
  private static final int MAX_AT_ONCE = 5;

  private final String queue;
  private final RetryTracker retries;
  private int atOnce;
  private long nextAttempt = System.nanoTime();

  FailedReports(String queue, ExponentialBackoff backoff) {
    this.queue = queue;
    this.retries =
        new RetryTracker(
            LOG,
            "Writing to the dead-letter queue " + queue,
            backoff,
            InstantSource.system(),
            RetryTracker.Listener.NONE);
  }

  /** Whether the wait after the last failure is over. */
  boolean isAttemptDue() {
    return System.nanoTime() - nextAttempt >= 0;
  }

  /**
   * Notes that the queue has not accepted a record.
   *
   * @param reason as far as Connect passes it on
   * @param nanos how long the attempt took
   * @throws ConnectException if another attempt is of no use
   */
  void failed(BadRecord bad, Optional<Throwable> reason, long nanos) {
    atOnce = nanos < OUTAGE_NANOS ? atOnce + 1 : 0;
    ConnectException failure =
        new ConnectException(
            "Record "
                + Coordinates.of(bad.record())
                + " can never be applied, and the dead-letter queue "
                + queue
                + " does not take it: "
                + reason.map(Throwable::toString).orElse("Connect passes no reason on")
                + ". Its offset is not committed. Look for \"Could not produce message to dead letter"
                + " queue\" in the worker's log. If the record is too large, raise"
                + " producer.override.max.request.size of the connector and max.message.bytes of the"
                + " queue; otherwise grant the worker's principal the right to write to the queue."
                + " The record is bad because of: "
                + bad.failure().getMessage(),
            reason.orElse(null));
    if (atOnce >= MAX_AT_ONCE) {
      throw failure;
    }
    nextAttempt = System.nanoTime() + retries.failed(failure).toNanos();
  }

  /** Notes that the queue has accepted a record. */
  void accepted() {
    atOnce = 0;
    retries.succeeded();
  }
}
