package io.orderflow.sink.apply;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.OrderIdType;
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

  /** Starts as many workers as are configured, for tables with order IDs of one type. */
  Workers start(OrderIdType type) {
    return new Workers(
        IntStream.range(0, settings.concurrency()).mapToObj(n -> startWorker(n, type)).toList());
  }

  private Worker startWorker(int number, OrderIdType type) {
    return Worker.start(
        taskName + "-worker-" + number,
        new BatchQueue(settings.batch()),
        new BatchApplier(
            new Warehouse(database, settings.tables(), type, settings.rules()),
            traces,
            new RetryTracker(
                LOG,
                "Applying records to the warehouse",
                settings.backoff(),
                InstantSource.system(),
                metrics.outages()),
            metrics,
            new OrderIdTypeWatch(database, new Catalog(settings.tables()), type),
            settings.roles(),
            settings.database().statementTimeout()),
        pending,
        metrics);
  }
}
