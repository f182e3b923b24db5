package io.orderflow.sink.apply;

import io.orderflow.common.database.Database;
import io.orderflow.sink.warehouse.Catalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether the columns that the sink uses are others since the tables were read. COPY
 * sends values in the binary form of their types, so that none fits a column of another type. For
 * one thread.
 */
final class TablesWatch {

  private static final Logger LOG = LoggerFactory.getLogger(TablesWatch.class);

  /** Bad records come in thousands, and types hardly ever change. */
  private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  private final Database database;
  private final Catalog catalog;
  private final KnownTables known;
  private long nextLook = System.nanoTime();

  TablesWatch(Database database, Catalog catalog, KnownTables known) {
    this.database = database;
    this.catalog = catalog;
    this.known = known;
  }

  /**
   * Whether columns have changed, for a decision that cannot be taken back: to reject a record, or
   * to stop the task. False if the tables cannot be read now, or if the change is not complete:
   * they have order IDs of several types.
   */
  boolean haveChanged() {
    try {
      return database.transaction(this::isOther);
    } catch (SQLException | IllegalStateException unreadable) {
      LOG.debug("Cannot read the columns of the tables", unreadable);
      return false;
    } finally {
      nextLook = System.nanoTime() + INTERVAL_NANOS;
    }
  }

  private boolean isOther(Connection connection) throws SQLException {
    return catalog.readOrderIdType(connection).isPresent()
        && !catalog.readTypes(connection).equals(known.types());
  }

  /**
   * The same for many failures in a row, of which a later one will do as well: false for a second
   * after the tables were read.
   */
  boolean haveChangedThrottled() {
    return System.nanoTime() - nextLook >= 0 && haveChanged();
  }
}
