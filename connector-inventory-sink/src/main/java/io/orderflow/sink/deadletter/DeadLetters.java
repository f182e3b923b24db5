package io.orderflow.sink.deadletter;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.trace.LogContext;
import io.orderflow.common.trace.Traceparent;
import io.orderflow.sink.record.Coordinates;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reports bad records to Connect, which writes them to the dead-letter queue. For the task's
 * thread, since Connect's reporter is not thread-safe.
 */
public final class DeadLetters {

  /** The maximum wait for the queue in one call, so that the consumer keeps polling. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(1);

  /** A record on its way to the queue. */
  private record Report(BadRecord bad, Future<Void> written) {}

  private final @Nullable ErrantRecordReporter reporter;
  private final DeadLetterRatio ratio;
  private final Consumer<BadRecord> onWritten;

  private final QueueFailures failures;

  /** Null if Connect only logs bad records. */
  private final @Nullable FailedReports failedReports;

  private final ArrayDeque<BadRecord> unreported = new ArrayDeque<>();
  private final ArrayDeque<Report> inFlight = new ArrayDeque<>();
  private int added;

  /** For metrics, which other threads read. */
  private final AtomicInteger unwritten = new AtomicInteger();

  /**
   * Creates an empty queue.
   *
   * @param reporter null if the connector's configuration has neither a dead-letter queue nor
   *     {@code errors.log.enable}
   * @param onWritten called for each record that is written to the dead-letter queue
   */
  public DeadLetters(
      @Nullable ErrantRecordReporter reporter,
      DeadLetterSettings settings,
      Consumer<BadRecord> onWritten) {
    this.reporter = reporter;
    this.ratio = new DeadLetterRatio(settings.maxRatio(), settings.window());
    this.failedReports =
        settings.queue().map(queue -> new FailedReports(queue, settings.backoff())).orElse(null);
    this.failures = settings.failures();
    this.onWritten = onWritten;
  }

  /** Adds a record to report. */
  public void add(BadRecord bad) {
    unreported.add(bad);
    added++;
    unwritten.incrementAndGet();
  }

  /** Drops records of partitions that another task continues, unless they are on their way. */
  public void drop(Collection<TopicPartition> revoked) {
    int before = unreported.size();
    unreported.removeIf(bad -> revoked.contains(Coordinates.of(bad.record()).topicPartition()));
    unwritten.addAndGet(unreported.size() - before);
  }

  /** Drops all records that are not on their way, since they are delivered again. */
  public void dropUnreported() {
    unwritten.addAndGet(-unreported.size());
    unreported.clear();
    added = 0;
  }

  /** Whether all added records are written. */
  public boolean areWritten() {
    return unwritten.get() == 0;
  }

  /** The number of records that are not known to be in the queue. Any thread. */
  public int unwritten() {
    return unwritten.get();
  }

  /**
   * Reports the added records and waits up to a second until they are written: while Kafka is
   * unavailable, the consumer must keep polling.
   *
   * @param received the number of records received since the last call, bad ones included
   * @throws ConnectException if there is no dead-letter queue, if it does not take a record, or if
   *     too many records are bad
   */
  public void report(int received) {
    if (reporter != null) {
      ratio.count(received, added);
    }
    added = 0;
    while (!unreported.isEmpty() && (failedReports == null || failedReports.isAttemptDue())) {
      BadRecord bad = unreported.element();
      if (reporter == null) {
        throw withoutQueue(bad);
      }
      if (!isReported(reporter, bad)) {
        break;
      }
    }
    await(System.nanoTime() + MAX_WAIT.toNanos());
  }

  /**
   * Reports the first record; false if the queue has not accepted it.
   *
   * <p>The producer needs an answer of the broker, so that a report which is done at once has
   * failed. Connect's {@code RetryWithToleranceOperator.report} (2.6 to 4.3) hides the failure: it
   * leaves out the producer's futures that are done, and if none is left, returns an empty {@code
   * CompletableFuture}, which is successful. Any other future contains the producer's. A broker may
   * answer before Connect looks, though; Connect's count of failures then is the same as before.
   */
  private boolean isReported(ErrantRecordReporter to, BadRecord bad) {
    OptionalDouble failuresBefore =
        failedReports == null ? OptionalDouble.empty() : failures.count();
    long start = System.nanoTime();
    Future<Void> written = report(to, bad);
    if (failedReports != null && written.isDone()) {
      Optional<Throwable> failure = failure(written);
      boolean isHidden =
          written instanceof CompletableFuture
              && (failuresBefore.isEmpty() || !failures.count().equals(failuresBefore));
      if (failure.isPresent() || isHidden) {
        failedReports.failed(bad, failure, System.nanoTime() - start);
        return false;
      }
    }
    inFlight.add(new Report(bad, written));
    unreported.remove();
    return true;
  }

  /** The failure of a future that is done, if it has one. */
  private static Optional<Throwable> failure(Future<Void> done) {
    try {
      done.get();
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.ofNullable(e.getCause());
    } catch (CancellationException e) {
      return Optional.of(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Connect logs a line for each record if errors.log.enable is set. */
  private static Future<Void> report(ErrantRecordReporter reporter, BadRecord bad) {
    SinkRecord record = bad.record();
    Header traceparent = record.headers().lastWithName(OrderEvents.TRACEPARENT_HEADER);
    LogContext line =
        LogContext.open()
            .with(LogContext.RECORD, Coordinates.of(record))
            .with(LogContext.ORDER_ID, record.key() instanceof Number id ? id : null)
            .with(
                LogContext.TRACE_ID,
                Traceparent.of(traceparent == null ? null : traceparent.value())
                    .map(Traceparent::traceId)
                    .orElse(null));
    try {
      return reporter.report(record, bad.failure());
    } finally {
      line.close();
    }
  }

  private void await(long deadline) {
    while (!inFlight.isEmpty()) {
      Report report = inFlight.element();
      try {
        report.written().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException later) {
        // Its offset stays pending, and the consumer is paused.
        return;
      } catch (InterruptedException e) {
        throw interrupted(e);
      } catch (ExecutionException | CancellationException e) {
        throw new ConnectException(
            "Record "
                + Coordinates.of(report.bad().record())
                + " could not be written to the dead-letter queue. Its offset is not committed.",
            e);
      }
      inFlight.remove();
      unwritten.decrementAndGet();
      if (failedReports != null) {
        failedReports.accepted();
      }
      onWritten.accept(report.bad());
    }
  }

  private static ConnectException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new ConnectException("Interrupted while a bad record was being reported", e);
  }

  private static ConnectException withoutQueue(BadRecord bad) {
    return new ConnectException(
        "Record "
            + Coordinates.of(bad.record())
            + " can never be applied, and no dead-letter queue is configured: "
            + bad.failure().getMessage()
            + " To continue without such records and keep them in a topic, set errors.tolerance=all"
            + " and errors.deadletterqueue.topic.name.",
        bad.failure());
  }
}
