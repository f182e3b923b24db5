package io.orderflow.source.whole;

import io.orderflow.source.catalogue.LockedTables;
import io.orderflow.source.event.Decimals;
import io.orderflow.source.event.Layout;
import io.orderflow.source.event.ShopTables;
import io.orderflow.source.event.UnusableTables;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Opens transactions that read whole orders, whatever the tables look like by then. Transactions
 * are REPEATABLE READ. For one thread.
 */
public final class WholeOrders {

  private final ShopTables tables;
  private final LockedTables locked;

  private @Nullable WholeReader reader;

  public WholeOrders(ShopTables tables, Decimals decimals) {
    this.tables = tables;
    this.locked = new LockedTables(tables, decimals);
  }

  /**
   * Locks the tables' form for this transaction, and takes its snapshot; comes before everything
   * else in it.
   *
   * @return reads orders in this transaction, and in later ones until another comes from here
   * @throws UnusableTables when the tables can no longer be captured
   */
  public WholeReader open(Connection connection) throws SQLException {
    Layout layout = locked.layout(connection, locked.lock(connection));
    WholeReader known = reader;
    if (known != null && known.layout().equals(layout)) {
      return known;
    }
    WholeReader fresh = new WholeReader(layout, tables);
    reader = fresh;
    return fresh;
  }

  /** Forgets what was learnt of a server that may be another one by now. */
  public void forget() {
    locked.forget();
  }
}
