package io.orderflow.sink.apply;

import io.orderflow.common.trace.LogContext;
import io.orderflow.common.trace.Tracing;
import io.orderflow.sink.record.Coordinates;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Hands bad records to Connect, which writes them to the dead-letter queue. For the task's thread:
 * Connect's reporter is not made for others.
 */
final class DeadLetters {

  /** How long Connect's thread waits here for the queue before it lets the consumer rest. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** A record on its way to the queue. */
  private record Report(BadRecord bad, Future<Void> written) {}

  private final @Nullable ErrantRecordReporter reporter;
  private final DeadLetterRatio ratio;
  private final SinkMetrics metrics;

  /** Also those that could not be reported: the task ends then, and their offsets must stay. */
  private final ArrayDeque<BadRecord> unreported = new ArrayDeque<>();

  private final List<Report> underWay = new ArrayList<>();

  /**
   * @param reporter null where the connector's configuration has nowhere to report to
   */
  DeadLetters(@Nullable ErrantRecordReporter reporter, DeadLetterRatio ratio, SinkMetrics metrics) {
    this.reporter = reporter;
    this.ratio = ratio;
    this.metrics = metrics;
  }

  /** Adds a record that is to be reported. */
  void add(BadRecord bad) {
    unreported.add(bad);
  }

  /** Whether all that were added are written. */
  boolean areWritten() {
    return unreported.isEmpty() && underWay.isEmpty();
  }

  /** By partition, the first offset of a record that is not written. */
  void earliest(Map<TopicPartition, Long> offsets) {
    unreported.forEach(bad -> ParsedRecord.keepEarliest(bad.record(), offsets));
    underWay.forEach(report -> ParsedRecord.keepEarliest(report.bad().record(), offsets));
  }

  /**
   * Reports what was added, and waits a moment until all is written: while Kafka is away, the
   * consumer must not be kept from its polls.
   *
   * @param taken how many records were taken on in the meantime, bad ones included
   * @throws ConnectException where there is no dead-letter queue, it cannot be written, or too many
   *     records are bad
   */
  void report(int taken) {
    if (reporter != null) {
      ratio.count(taken, unreported.size());
    }
    while (!unreported.isEmpty()) {
      BadRecord bad = unreported.element();
      if (reporter == null) {
        throw nowhereToGo(bad);
      }
      underWay.add(new Report(bad, report(reporter, bad)));
      unreported.remove();
    }
    await(System.nanoTime() + PATIENCE.toNanos());
  }

  /** Connect writes a line for each, where its configuration says so. */
  private static Future<Void> report(ErrantRecordReporter reporter, BadRecord bad) {
    SinkRecord record = bad.record();
    String traceparent = RecordTraces.traceparent(record);
    LogContext line =
        LogContext.open()
            .with(LogContext.RECORD, Coordinates.of(record))
            .with(LogContext.ORDER_ID, record.key() instanceof Number id ? id : null)
            .with(LogContext.TRACE_ID, traceparent == null ? null : Tracing.traceId(traceparent));
    try {
      return reporter.report(record, bad.cause());
    } finally {
      line.close();
    }
  }

  private void await(long deadline) {
    int written = 0;
    try {
      for (Report report : underWay) {
        report.written().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        metrics.reported(report.bad());
        written++;
      }
    } catch (TimeoutException later) {
      // Their offsets wait with them, and so does the consumer.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectException("Interrupted while a bad record was being reported", e);
    } catch (ExecutionException | CancellationException e) {
      throw new ConnectException("A bad record could not be written to the dead-letter queue", e);
    } finally {
      underWay.subList(0, written).clear();
    }
  }

  private static ConnectException nowhereToGo(BadRecord bad) {
    return new ConnectException(
        "Record "
            + Coordinates.of(bad.record())
            + " can never be applied, and there is nowhere to put it: "
            + bad.cause().getMessage()
            + " To go on without such records, set errors.tolerance=all and"
            + " errors.deadletterqueue.topic.name, and they are kept in that topic.",
        bad.cause());
  }
}
