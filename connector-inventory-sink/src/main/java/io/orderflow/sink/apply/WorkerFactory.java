package io.orderflow.sink.apply;

import io.orderflow.common.database.Database;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.sink.warehouse.Catalog;
import io.orderflow.sink.warehouse.Warehouse;
import java.time.InstantSource;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the workers of a task.
 *
 * @param taskName prefix of the threads' names
 */
record WorkerFactory(
    SinkSettings settings,
    Database database,
    String taskName,
    RecordTraces traces,
    PendingOffsets pending,
    SinkMetrics metrics) {

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  /** Starts as many workers as are configured. */
  Workers start(KnownTables tables) {
    return new Workers(
        IntStream.range(0, settings.concurrency()).mapToObj(n -> startWorker(n, tables)).toList());
  }

  private Worker startWorker(int number, KnownTables tables) {
    return Worker.start(
        taskName + "-worker-" + number,
        new BatchQueue(settings.batch()),
        new BatchApplier(
            new Warehouse(
                database, settings.tables(), tables.orderIds(), tables.scale(), settings.rules()),
            traces,
            new RetryTracker(
                LOG,
                "Applying records to the warehouse",
                settings.backoff(),
                InstantSource.system(),
                metrics.outages()),
            metrics,
            new TablesWatch(database, new Catalog(settings.tables()), tables),
            settings.roles(),
            settings.database().statementTimeout()),
        pending,
        metrics);
  }
}
