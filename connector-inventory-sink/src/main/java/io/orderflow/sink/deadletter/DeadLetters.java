package io.orderflow.sink.deadletter;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.trace.LogContext;
import io.orderflow.common.trace.Traceparent;
import io.orderflow.sink.record.Coordinates;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
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

  private final ArrayDeque<BadRecord> unreported = new ArrayDeque<>();
  private final List<Report> inFlight = new ArrayList<>();

  /**
   * Creates an empty queue.
   *
   * @param reporter null if the connector's configuration has no dead-letter queue
   * @param maxRatio maximum share of bad records, from 0 to 1
   * @param window the minimum number of records that the share is computed over
   * @param onWritten called for each record that is written to the dead-letter queue
   */
  public DeadLetters(
      @Nullable ErrantRecordReporter reporter,
      double maxRatio,
      int window,
      Consumer<BadRecord> onWritten) {
    this.reporter = reporter;
    this.ratio = new DeadLetterRatio(maxRatio, window);
    this.onWritten = onWritten;
  }

  /** Adds a record to report. */
  public void add(BadRecord bad) {
    unreported.add(bad);
  }

  /** Whether all added records are written. */
  public boolean areWritten() {
    return unreported.isEmpty() && inFlight.isEmpty();
  }

  /**
   * Reports the added records and waits up to a second until they are written: while Kafka is
   * unavailable, the consumer must keep polling.
   *
   * @param received the number of records received since the last call, bad ones included
   * @throws ConnectException if there is no dead-letter queue, if it cannot be written, or if too
   *     many records are bad
   */
  public void report(int received) {
    if (reporter != null) {
      ratio.count(received, unreported.size());
    }
    while (!unreported.isEmpty()) {
      BadRecord bad = unreported.element();
      if (reporter == null) {
        throw withoutQueue(bad);
      }
      inFlight.add(new Report(bad, report(reporter, bad)));
      unreported.remove();
    }
    await(System.nanoTime() + MAX_WAIT.toNanos());
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
    int written = 0;
    try {
      for (Report report : inFlight) {
        report.written().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        onWritten.accept(report.bad());
        written++;
      }
    } catch (TimeoutException later) {
      // Their offsets stay pending, and the consumer is paused.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectException("Interrupted while a bad record was being reported", e);
    } catch (ExecutionException | CancellationException e) {
      throw new ConnectException("A bad record could not be written to the dead-letter queue", e);
    } finally {
      inFlight.subList(0, written).clear();
    }
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
