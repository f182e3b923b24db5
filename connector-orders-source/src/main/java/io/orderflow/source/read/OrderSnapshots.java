package io.orderflow.source.read;

import io.orderflow.source.catalog.LockedTables;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.DecimalHandling;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Opens transactions that read whole orders, whatever the tables look like by then. Transactions
 * are REPEATABLE READ. For one thread.
 */
public final class OrderSnapshots {

  private final CapturedTables tables;
  private final LockedTables locked;

  private @Nullable OrderSnapshotReader reader;

  public OrderSnapshots(CapturedTables tables, DecimalHandling decimals) {
    this.tables = tables;
    this.locked = new LockedTables(tables, decimals);
  }

  /**
   * Locks the tables' form for this transaction, and takes its snapshot; comes before everything
   * else in it.
   *
   * @return reads orders in this transaction, and in later ones until another comes from here
   * @throws UnusableTablesException when the tables can no longer be captured
   */
  public OrderSnapshotReader open(Connection connection) throws SQLException {
    OrderSchema layout = locked.layout(connection, locked.lock(connection));
    OrderSnapshotReader known = reader;
    if (known != null && known.layout().equals(layout)) {
      return known;
    }
    OrderSnapshotReader fresh = new OrderSnapshotReader(layout, tables);
    reader = fresh;
    return fresh;
  }

  /** Forgets what was learnt of a server that may be another one by now. */
  public void forget() {
    locked.forget();
  }
}
