package io.orderflow.sink.apply;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.sink.record.BadRecordException;
import io.orderflow.sink.record.UpdateReader;
import io.orderflow.sink.warehouse.Catalog;
import io.orderflow.sink.warehouse.StockScale;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads which columns the tables have and in which steps they count, and creates missing tables if
 * that is configured. It runs when the first records arrive and not before, so that a task can
 * start while the database is unavailable.
 */
final class TableBootstrap {

  private static final Logger LOG = LoggerFactory.getLogger(TableBootstrap.class);

  private final SinkSettings settings;
  private final Database database;
  private final Catalog catalog;
  private final StockScale scale;

  TableBootstrap(SinkSettings settings, Database database) {
    this.settings = settings;
    this.database = database;
    this.catalog = new Catalog(settings.tables());
    this.scale = new StockScale(settings.tables());
  }

  /**
   * Reads, and if necessary creates, the tables.
   *
   * @param records the first records, which decide the type of order ID of tables that are created
   * @throws ConnectException if tables are missing and must not be created, if the sink cannot use
   *     the types of their columns, or if they count in other steps than the settings
   */
  KnownTables prepareTables(Collection<SinkRecord> records) throws SQLException {
    return database.transaction(connection -> read(connection, prepareTables(connection, records)));
  }

  /**
   * Reads the tables, and creates none; empty while tables are missing, or not all of them have the
   * same type of order ID.
   *
   * @throws ConnectException as {@link #prepareTables(Collection)}
   */
  Optional<KnownTables> readTables() throws SQLException {
    return database.transaction(
        connection -> {
          if (!catalog.readMissing(connection).isEmpty()) {
            return Optional.empty();
          }
          requireScale(connection);
          Optional<OrderIdType> type = readType(connection);
          return type.isPresent() ? Optional.of(read(connection, type.get())) : Optional.empty();
        });
  }

  private KnownTables read(Connection connection, OrderIdType type) throws SQLException {
    return new KnownTables(
        type, readUsableTypes(connection), scale.guard(connection, settings.itemRules().scale()));
  }

  private OrderIdType prepareTables(Connection connection, Collection<SinkRecord> records)
      throws SQLException {
    List<TableName> missing = catalog.readMissing(connection);
    if (!missing.isEmpty() && !settings.autoCreate()) {
      throw new ConnectException(
          "The warehouse lacks the tables "
              + missing
              + ". Run warehouse-install.sql, with payment.id.field also payments-install.sql, with"
              + " backorders=true backorders-install.sql and with audit=true audit-install.sql, or set"
              + " auto.create=true.");
    }
    Optional<OrderIdType> existing = readType(connection);
    OrderIdType type = existing.orElseGet(() -> typeSuggestedBy(records));
    if (!missing.isEmpty()) {
      LOG.info("Creating {} with order IDs of type {}", missing, type.sqlName());
      catalog.install(connection, type, scale.readOrElse(connection, settings.itemRules().scale()));
      // Another task may have created them first, with the type that its records suggested.
      requireScale(connection);
      return readType(connection).orElse(type);
    }
    requireScale(connection);
    return type;
  }

  /** Otherwise each record would be rejected, though none is at fault. */
  private Map<TableName, Map<String, String>> readUsableTypes(Connection connection)
      throws SQLException {
    Map<TableName, Map<String, String>> types = catalog.readTypes(connection);
    Optional<String> unusable = catalog.unusableColumn(types);
    if (unusable.isPresent()) {
      throw new ConnectException(
          "The warehouse has a table that the sink cannot use: "
              + unusable.get()
              + ". Validate the connector's configuration to see the SQL that fixes it, run it, and"
              + " restart the task.");
    }
    return types;
  }

  /** With another scale, a sum would mix units and fractions of them. */
  private void requireScale(Connection connection) throws SQLException {
    try {
      Optional<String> mismatch = scale.mismatch(connection, settings.itemRules().scale());
      if (mismatch.isPresent()) {
        throw new ConnectException(mismatch.get());
      }
    } catch (IllegalStateException e) {
      throw new ConnectException(e.getMessage(), e);
    }
  }

  private Optional<OrderIdType> readType(Connection connection) throws SQLException {
    try {
      return catalog.readOrderIdType(connection);
    } catch (IllegalStateException e) {
      throw new ConnectException(e.getMessage(), e);
    }
  }

  /** From the first record that has an order ID; text, which can hold any ID, if none has. */
  private OrderIdType typeSuggestedBy(Collection<SinkRecord> records) {
    for (SinkRecord record : records) {
      try {
        return UpdateReader.idTypeOf(record, settings.roles(), settings.fields());
      } catch (BadRecordException e) {
        LOG.debug("A bad record suggests no type of order ID", e);
      }
    }
    return OrderIdType.TEXT;
  }
}
