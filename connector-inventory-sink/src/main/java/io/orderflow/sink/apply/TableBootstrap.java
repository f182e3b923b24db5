package io.orderflow.sink.apply;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.common.trace.Tracing;
import io.orderflow.sink.record.BadRecordException;
import io.orderflow.sink.record.UpdateReader;
import io.orderflow.sink.warehouse.Catalog;
import io.orderflow.sink.warehouse.Warehouse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out, with the first records, what type of order ID the tables have; creates tables where
 * that is wanted. Not earlier, so that a task can start while the database is away.
 */
final class TableBootstrap {

  private static final Logger LOG = LoggerFactory.getLogger(TableBootstrap.class);

  private final SinkSettings settings;
  private final Database database;
  private final String name;
  private final SinkMetrics metrics;
  private final Catalog catalogue;
  private final RecordTraces traces = new RecordTraces(Tracing.global("io.orderflow.sink"));

  /**
   * @param name of the task, for the names of threads
   */
  TableBootstrap(SinkSettings settings, Database database, String name, SinkMetrics metrics) {
    this.settings = settings;
    this.database = database;
    this.name = name;
    this.metrics = metrics;
    this.catalogue = new Catalog(settings.tables());
  }

  /**
   * What works for the tables as they are, or are by now.
   *
   * @throws ConnectException when tables are missing and are not to be created, or do not agree
   */
  Pipeline open(Collection<SinkRecord> records) throws SQLException {
    OrderIdType type = database.transaction(connection -> typeIn(connection, records));
    return new Pipeline(
        new UpdateReader(settings.roles(), settings.fields(), settings.intents(), type),
        new Workers(IntStream.range(0, settings.lanes()).mapToObj(n -> lane(n, type)).toList()),
        traces);
  }

  private Worker lane(int number, OrderIdType type) {
    return Worker.start(
        name + "-lane-" + number,
        new BatchQueue(settings.batch()),
        new BatchApplier(
            new Warehouse(database, settings.tables(), type, settings.policy()),
            traces,
            metrics::committed),
        outage("Applying records to the warehouse"),
        metrics);
  }

  /** Follows the failures of one thread. */
  RetryTracker outage(String what) {
    return new RetryTracker(
        LOG, what, settings.backoff(), InstantSource.system(), metrics.outages());
  }

  /** What stops a task, since trying again would not help. */
  static ConnectException refused(SQLException failure) {
    return new ConnectException(
        "The warehouse refuses the sink's transactions, and will go on doing so until somebody"
            + " mends the cause: "
            + failure.getMessage()
            + ". Validating the connector's configuration tells what is missing.",
        failure);
  }

  private OrderIdType typeIn(Connection connection, Collection<SinkRecord> records)
      throws SQLException {
    List<TableName> missing = catalogue.missing(connection);
    if (!missing.isEmpty() && !settings.autoCreate()) {
      throw new ConnectException(
          "expected tables in the warehouse, found none called "
              + missing
              + ". Run warehouse-install.sql, or set auto.create=true.");
    }
    Optional<OrderIdType> existing = existing(connection);
    OrderIdType type = existing.orElseGet(() -> suggestedBy(records));
    if (!missing.isEmpty()) {
      LOG.info("Creating {} with order IDs of type {}", missing, type.sqlName());
      catalogue.install(connection, type);
      // Another task may have been faster, and have gone by a record with another type of ID.
      return existing(connection).orElse(type);
    }
    return type;
  }

  private Optional<OrderIdType> existing(Connection connection) throws SQLException {
    try {
      return catalogue.orderIdType(connection);
    } catch (IllegalStateException e) {
      throw new ConnectException(e.getMessage(), e);
    }
  }

  /** By the first record that has an order ID; text, which can hold any, where none has. */
  private OrderIdType suggestedBy(Collection<SinkRecord> records) {
    for (SinkRecord record : records) {
      try {
        return UpdateReader.idTypeOf(record, settings.roles(), settings.fields());
      } catch (BadRecordException e) {
        LOG.debug("No type of order ID is to be had from a bad record", e);
      }
    }
    return OrderIdType.TEXT;
  }
}
