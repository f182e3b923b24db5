package io.orderflow.sink.apply;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.warehouse.Catalog;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whether the tables' type of order ID has changed since it was read. For one thread. */
final class OrderIdTypeWatch {

  private static final Logger LOG = LoggerFactory.getLogger(OrderIdTypeWatch.class);

  /** Bad records come in thousands, and types hardly ever change. */
  private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  private final Database database;
  private final Catalog catalog;
  private final OrderIdType type;
  private long nextLook = System.nanoTime();

  OrderIdTypeWatch(Database database, Catalog catalog, OrderIdType type) {
    this.database = database;
    this.catalog = catalog;
    this.type = type;
  }

  /**
   * Whether the type has changed, for a decision that cannot be taken back: to reject a record, or
   * to stop the task. False if the tables cannot be read now.
   */
  boolean hasChanged() {
    try {
      return database.transaction(catalog::readOrderIdType).filter(now -> now != type).isPresent();
    } catch (SQLException | IllegalStateException unreadable) {
      LOG.debug("Cannot read the type of order IDs", unreadable);
      return false;
    } finally {
      nextLook = System.nanoTime() + INTERVAL_NANOS;
    }
  }

  /**
   * The same for many failures in a row, of which a later one will do as well: false for a second
   * after the tables were read.
   */
  boolean hasChangedThrottled() {
    return System.nanoTime() - nextLook >= 0 && hasChanged();
  }
}
