package io.orderflow.sink.apply;

import io.orderflow.sink.record.Coordinates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.jspecify.annotations.Nullable;

/**
 * Hands bad records to Connect, which writes them to the dead-letter queue. For the task's thread:
 * Connect's reporter is not made for others.
 */
final class DeadLetters {

  private final @Nullable ErrantRecordReporter reporter;
  private final DeadLetterRatio ratio;
  private final SinkMetrics metrics;

  /** Also those that could not be reported: the task ends then, and their offsets must stay. */
  private final List<BadRecord> unreported = new ArrayList<>();

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

  /** By partition, the first offset of a record that is not reported. */
  void earliest(Map<TopicPartition, Long> offsets) {
    unreported.forEach(bad -> Reading.keepEarliest(bad.record(), offsets));
  }

  /**
   * Returns when all that were added are written, so that their offsets can be committed.
   *
   * @param taken how many records were taken on in the meantime, bad ones included
   * @throws ConnectException where there is no dead-letter queue, it cannot be written, or too many
   *     records are bad
   */
  void report(int taken) {
    if (reporter != null) {
      ratio.count(taken, unreported.size());
    }
    List<Future<Void>> reports = new ArrayList<>();
    for (BadRecord bad : unreported) {
      if (reporter == null) {
        throw nowhereToGo(bad);
      }
      reports.add(reporter.report(bad.record(), bad.cause()));
    }
    reports.forEach(DeadLetters::await);
    metrics.reported(reports.size());
    unreported.clear();
  }

  private static void await(Future<Void> report) {
    try {
      report.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectException("Interrupted while a bad record was being reported", e);
    } catch (ExecutionException e) {
      throw new ConnectException("A bad record could not be written to the dead-letter queue", e);
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
