package io.orderflow.sink.apply;

import io.orderflow.common.database.Database;
import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.common.metrics.TaskMetrics;
import io.orderflow.sink.warehouse.Warehouse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;

/**
 * A running sink task: takes records in, hands them to its lanes, and tells what is done with. For
 * the one thread of the task, which alone speaks to Connect.
 */
public final class InventorySink implements AutoCloseable {

  /** How long Connect's thread waits here for the lanes before it lets the consumer rest. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** How soon Connect is to come back while something is under way. */
  private static final long SOON_MS = 50;

  private final SinkTaskContext context;
  private final Database database;
  private final SinkMetrics metrics;
  private final TableBootstrap opening;
  private final DeadLetters deadLetters;
  private final RetryTracker outage;

  /** Records for which the lanes have had no room yet; no more than Connect brings at once. */
  private final ArrayDeque<SinkRecord> waiting = new ArrayDeque<>();

  /** Null until the database has been seen. */
  private @Nullable Pipeline applying;

  private boolean paused;

  private InventorySink(
      SinkSettings settings, String name, SinkTaskContext context, TaskMetrics taskMetrics) {
    this.context = context;
    this.database = Warehouse.open(settings.database(), name, settings.lanes());
    this.metrics = new SinkMetrics(taskMetrics);
    metrics.pool(database::use);
    this.opening = new TableBootstrap(settings, database, name, metrics);
    this.deadLetters =
        new DeadLetters(
            context.errantRecordReporter(),
            new DeadLetterRatio(settings.deadLetterMaxRatio(), settings.deadLetterWindow()),
            metrics);
    this.outage = opening.outage("Opening the warehouse");
  }

  /**
   * Connects to nothing yet.
   *
   * @param name of the task; the database's list of sessions shows it, and that of threads
   * @param metrics closed with the sink
   */
  public static InventorySink start(
      SinkSettings settings, String name, SinkTaskContext context, TaskMetrics metrics) {
    return new InventorySink(settings, name, context, metrics);
  }

  /**
   * Takes records in; they are applied by and by. Reports those that cannot be.
   *
   * @throws ConnectException when a person has to mend something
   */
  public void put(Collection<SinkRecord> records) {
    waiting.addAll(records);
    Pipeline running = opened();
    if (running != null) {
      running.lanes().check();
      int before = waiting.size();
      handOver(running);
      running.lanes().refused().forEach(deadLetters::add);
      deadLetters.report(before - waiting.size());
      context.timeout(
          running.lanes().areEmpty() && waiting.isEmpty() && deadLetters.areWritten()
              ? -1
              : SOON_MS);
    }
    pauseOrResume();
  }

  private @Nullable Pipeline opened() {
    if (applying == null && !waiting.isEmpty()) {
      try {
        applying = opening.open(waiting);
        outage.succeeded();
      } catch (SQLException failure) {
        if (SqlFailures.classify(failure) != FailureClass.TRANSIENT) {
          throw TableBootstrap.refused(failure);
        }
        context.timeout(outage.failed(failure).toMillis());
      }
    }
    return applying;
  }

  private void handOver(Pipeline running) {
    int before = waiting.size();
    try {
      running.handOver(waiting, System.nanoTime() + PATIENCE.toNanos(), deadLetters::add);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectException("Interrupted while handing over " + before + " records", e);
    }
  }

  /** Back-pressure: the consumer stays in its group, and brings nothing more. */
  private void pauseOrResume() {
    TopicPartition[] assigned = context.assignment().toArray(TopicPartition[]::new);
    if (!waiting.isEmpty() || !deadLetters.areWritten()) {
      context.pause(assigned);
      paused = true;
    } else if (paused) {
      context.resume(assigned);
      paused = false;
    }
  }

  /**
   * Up to where all records are committed in the database or in the dead-letter queue. Waits for
   * nothing: what is under way when a task has to leave its partitions is done again by another,
   * and changes nothing then.
   *
   * @param current up to where Connect has handed over records
   */
  public Map<TopicPartition, OffsetAndMetadata> committable(
      Map<TopicPartition, OffsetAndMetadata> current) {
    Map<TopicPartition, Long> unfinished = new HashMap<>();
    waiting.forEach(record -> ParsedRecord.keepEarliest(record, unfinished));
    deadLetters.earliest(unfinished);
    Pipeline running = applying;
    if (running != null) {
      running.lanes().earliest(unfinished);
    }
    Map<TopicPartition, OffsetAndMetadata> committable = new HashMap<>(current);
    unfinished.forEach(
        (partition, offset) ->
            committable.computeIfPresent(
                partition,
                (same, at) -> offset < at.offset() ? new OffsetAndMetadata(offset) : at));
    return committable;
  }

  /** Partitions that go to another task: what of them is not under way yet is dropped. */
  public void release(Collection<TopicPartition> partitions) {
    waiting.removeIf(record -> partitions.contains(ParsedRecord.partition(record)));
    Pipeline running = applying;
    if (running != null) {
      running.lanes().forget(partitions);
    }
  }

  @Override
  public void close() {
    Pipeline running = applying;
    if (running != null) {
      running.close();
    }
    database.close();
    metrics.close();
  }
}
