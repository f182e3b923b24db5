package io.orderflow.sink.apply;

import io.orderflow.common.database.Database;
import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.common.metrics.TaskMetrics;
import io.orderflow.common.trace.Tracing;
import io.orderflow.sink.deadletter.BadRecord;
import io.orderflow.sink.deadletter.DeadLetters;
import io.orderflow.sink.record.BadRecordException;
import io.orderflow.sink.record.Coordinates;
import io.orderflow.sink.record.UpdateReader;
import io.orderflow.sink.warehouse.Catalog;
import io.orderflow.sink.warehouse.Warehouse;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running sink task: accepts records, passes them to its workers, and reports the offsets that
 * are finished. For the task's thread, the only one that calls Connect.
 */
public final class InventorySink implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(InventorySink.class);

  /** The maximum wait for room in one call, before the consumer is paused. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(1);

  /** The time until Connect's next call while records are pending. */
  private static final long SOON_MS = 50;

  /** The same while a sweeper runs whose failure must be thrown. */
  private static final long SWEEPER_CHECK_MS = 1_000;

  private final SinkTaskContext context;
  private final SinkSettings settings;
  private final Database database;
  private final SinkMetrics metrics;
  private final TableBootstrap tables;
  private final RecordTraces traces = new RecordTraces(Tracing.global("io.orderflow.sink"));
  private final PendingOffsets pending = new PendingOffsets();
  private final WorkerFactory workers;
  private final DeadLetters deadLetters;
  private final AppliedTime applied;
  private final RetryTracker bootstrapRetries;

  /** Records that no worker had room for; at most as many as Connect delivers at once. */
  private final ArrayDeque<SinkRecord> waiting = new ArrayDeque<>();

  private final Sweepers sweepers;

  /** Null until the tables have been read. */
  private @Nullable Pipeline pipeline;

  private boolean paused;

  private InventorySink(
      SinkSettings settings, String name, SinkTaskContext context, TaskMetrics taskMetrics) {
    this.context = context;
    this.settings = settings;
    this.database = Warehouse.openPool(settings.database(), name, settings.connections());
    this.metrics = new SinkMetrics(taskMetrics);
    metrics.showPool(database::use);
    this.tables = new TableBootstrap(settings, database);
    this.workers = new WorkerFactory(settings, database, name, traces, pending, metrics);
    this.deadLetters =
        new DeadLetters(
            context.errantRecordReporter(), settings.deadLetters(), this::deadLetterWritten);
    metrics.showDeadLetters(deadLetters::unwritten);
    this.bootstrapRetries =
        new RetryTracker(
            LOG,
            "Reading the warehouse's tables",
            settings.backoff(),
            InstantSource.system(),
            metrics.outages());
    this.applied = new AppliedTime(pending, InstantSource.system(), settings.roles().deadLetters());
    this.sweepers = Sweepers.start(name, settings, database, tables, applied, metrics);
  }

  /**
   * Creates the task without connecting to the database.
   *
   * @param name of the task, for the database's list of sessions and for threads
   * @param metrics closed with the sink
   */
  public static InventorySink start(
      SinkSettings settings, String name, SinkTaskContext context, TaskMetrics metrics) {
    return new InventorySink(settings, name, context, metrics);
  }

  /** Notes the task's partitions, which have no records yet. */
  public void assigned() {
    if (!sweepers.areNone()) {
      applied.assigned(context.assignment());
    }
  }

  /**
   * Accepts records, which workers apply asynchronously, and reports those that cannot be applied.
   *
   * @throws ConnectException if a failure needs a person to fix it
   */
  public void put(Collection<SinkRecord> records) {
    pending.add(records);
    if (!sweepers.areNone()) {
      applied.delivered(records, context.assignment());
      sweepers.check();
    }
    waiting.addAll(records);
    Pipeline running = openPipeline();
    int submitted = running == null ? 0 : submit(running);
    // Even without a pipeline: while a dead letter is not written, the consumer remains paused.
    deadLetters.report(submitted);
    if (pipeline != null || waiting.isEmpty()) {
      long idle = sweepers.areNone() ? -1 : SWEEPER_CHECK_MS;
      context.timeout(pending.isEmpty() && deadLetters.areWritten() ? idle : SOON_MS);
    }
    pauseOrResume();
  }

  /** Returns the number of records that the workers have accepted, or that cannot be read. */
  private int submit(Pipeline running) {
    int before = waiting.size();
    try {
      running.workers().check();
      submitWaiting(running);
      running.workers().takeRejected().forEach(deadLetters::add);
      return before - waiting.size();
    } catch (ChangedTablesException changed) {
      readAgain(running, changed);
      return 0;
    }
  }

  /**
   * Has Connect deliver all unfinished records again, to be read with the tables' new types. That
   * includes bad records that are not reported yet, which may be good ones now.
   */
  private void readAgain(Pipeline running, ChangedTablesException changed) {
    LOG.warn("{}; the tables and all unfinished records are read again", changed.getMessage());
    running.close();
    pipeline = null;
    waiting.clear();
    deadLetters.dropUnreported();
    context.offset(pending.firstUnfinished());
  }

  private @Nullable Pipeline openPipeline() {
    if (pipeline == null && !waiting.isEmpty()) {
      try {
        KnownTables known = tables.prepareTables(waiting);
        bootstrapRetries.succeeded();
        pipeline =
            new Pipeline(
                new UpdateReader(
                    settings.roles(),
                    settings.fields(),
                    settings.statuses(),
                    settings.itemRules(),
                    settings.moneyRules(),
                    settings.deadlines(),
                    known.orderIds(),
                    metrics::itemSkipped),
                traces,
                workers.start(known),
                new TablesWatch(database, new Catalog(settings.tables()), known));
      } catch (SQLException failure) {
        if (SqlFailures.classify(failure) != FailureClass.TRANSIENT) {
          throw new UnusableWarehouseException(failure);
        }
        context.timeout(bootstrapRetries.failed(failure).toMillis());
      }
    }
    return pipeline;
  }

  private void submitWaiting(Pipeline running) {
    long deadline = System.nanoTime() + MAX_WAIT.toNanos();
    try {
      while (!waiting.isEmpty() && submit(running, waiting.element(), deadline)) {
        waiting.remove();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectException(
          "Interrupted while " + waiting.size() + " records waited for a worker", e);
    }
  }

  private boolean submit(Pipeline running, SinkRecord record, long deadline)
      throws InterruptedException {
    try {
      return running.submit(record, deadline);
    } catch (BadRecordException e) {
      deadLetters.add(BadRecord.unreadable(record, e));
      return true;
    }
  }

  private void deadLetterWritten(BadRecord bad) {
    metrics.deadLetterWritten(bad);
    pending.finish(List.of(bad.record()));
  }

  /** Back-pressure: a paused consumer stays in its group and delivers nothing. */
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
   * The offsets up to which all records are committed in the database or written to the dead-letter
   * queue. Does not wait: records in progress when a task loses its partitions are applied again by
   * the next task, which changes nothing.
   *
   * @param current the offsets up to which Connect has delivered records
   */
  public Map<TopicPartition, OffsetAndMetadata> committable(
      Map<TopicPartition, OffsetAndMetadata> current) {
    return pending.committable(current);
  }

  /** Drops the waiting records of partitions that another task continues. */
  public void release(Collection<TopicPartition> partitions) {
    pending.forget(partitions);
    deadLetters.drop(partitions);
    waiting.removeIf(record -> partitions.contains(Coordinates.of(record).topicPartition()));
    Pipeline running = pipeline;
    if (running != null) {
      running.workers().drop(partitions);
    }
  }

  @Override
  public void close() {
    sweepers.requestEnd();
    Pipeline running = pipeline;
    if (running != null) {
      running.close();
    }
    sweepers.close();
    database.close();
    metrics.close();
  }
}
