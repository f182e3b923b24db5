package io.orderflow.sink.apply;

import io.orderflow.common.database.Database;
import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.Outage;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.sink.warehouse.Warehouse;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running sink task: applies records, and decides what follows from a failure. For the one thread
 * of the task.
 */
public final class InventorySink implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(InventorySink.class);

  private final SinkTaskContext context;
  private final Database database;
  private final Opening opening;
  private final DeadLetters deadLetters;
  private final Outage outage;

  /** Null until the database has been seen. */
  private @Nullable Pipeline pipeline;

  private InventorySink(SinkSettings settings, String name, SinkTaskContext context) {
    this.context = context;
    this.database = Warehouse.open(settings.database(), name);
    this.opening = new Opening(settings, database);
    this.deadLetters = new DeadLetters(context.errantRecordReporter());
    this.outage =
        new Outage(
            LOG,
            "Applying records to the warehouse",
            settings.backoff(),
            InstantSource.system(),
            RandomGenerator.getDefault());
  }

  /**
   * Connects to nothing yet.
   *
   * @param name what the database's list of sessions shows
   */
  public static InventorySink start(SinkSettings settings, String name, SinkTaskContext context) {
    return new InventorySink(settings, name, context);
  }

  /**
   * Applies the records: all that can be applied is committed when this returns, and the others are
   * in the dead-letter queue.
   *
   * @throws RetriableException while the database is away: Connect brings the same records again,
   *     and keeps the consumer's place in its group in the meantime
   * @throws ConnectException when a person has to mend something
   */
  public void put(Collection<SinkRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    try {
      List<BadRecord> bad = pipelineFor(records).apply(List.copyOf(records));
      outage.over();
      deadLetters.report(bad);
    } catch (SQLException failure) {
      throw consequence(failure);
    }
  }

  private Pipeline pipelineFor(Collection<SinkRecord> records) throws SQLException {
    Pipeline ready = pipeline;
    if (ready == null) {
      ready = opening.open(records);
      pipeline = ready;
    }
    return ready;
  }

  private ConnectException consequence(SQLException failure) {
    if (SqlFailures.classify(failure) == FailureClass.TRANSIENT) {
      context.timeout(outage.failed(failure).toMillis());
      return new RetriableException("The warehouse cannot be written at the moment", failure);
    }
    return new ConnectException(
        "The warehouse refuses the sink's transactions, and will go on doing so until somebody"
            + " mends the cause: "
            + failure.getMessage()
            + ". Validating the connector's configuration tells what is missing.",
        failure);
  }

  @Override
  public void close() {
    database.close();
  }
}
