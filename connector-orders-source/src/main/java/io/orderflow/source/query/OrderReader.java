package io.orderflow.source.query;

import io.orderflow.source.catalog.LockedTables;
import io.orderflow.source.catalog.ServerInfo;
import io.orderflow.source.metrics.SourceMetrics;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.DecimalHandling;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the next orders in one transaction, whatever the tables look like by then: a layout is kept
 * until a column changes. For one thread.
 */
public final class OrderReader {

  private final CapturedTables tables;
  private final LockedTables locked;
  private final int shards;
  private final int perShard;
  private final SourceMetrics metrics;

  private @Nullable PageReader pages;

  /**
   * A reader of some shards.
   *
   * @param shards how many shards there are in all
   * @param perShard how many orders of a shard are read at once, at most
   */
  public OrderReader(
      CapturedTables tables,
      DecimalHandling decimals,
      int shards,
      int perShard,
      SourceMetrics metrics) {
    this.metrics = metrics;
    this.tables = tables;
    this.locked = new LockedTables(tables, decimals);
    this.shards = shards;
    this.perShard = perShard;
  }

  /**
   * Locks the tables' form for this transaction. Comes before everything else in it, since the
   * first query of a transaction takes its snapshot.
   *
   * @return the form: a text that changes with any column
   */
  public String lock(Connection connection) throws SQLException {
    return locked.lock(connection);
  }

  /**
   * The layout of the locked tables, learnt anew where their form has changed.
   *
   * @param now their form, as {@link #lock} has found it in this transaction
   * @throws UnusableTablesException when the tables can no longer be captured
   */
  public OrderSchema layout(Connection connection, ServerInfo server, String now)
      throws SQLException {
    OrderSchema layout = locked.layout(connection, now);
    PageReader known = pages;
    if (known == null || !known.layout().equals(layout)) {
      CaptureSql sql = CaptureSql.of(tables, layout, server, shards, perShard);
      pages = new PageReader(layout, tables, sql, perShard, metrics);
    }
    return layout;
  }

  /** Reads after the positions; {@link #layout} comes before it in the same transaction. */
  public Page read(Connection connection, Map<Integer, ShardOffset> positions) throws SQLException {
    PageReader known = pages;
    if (known == null) {
      throw new IllegalStateException("The layout is not known yet");
    }
    return known.read(connection, positions);
  }

  /** Forgets what was learnt of a server that may be another one by now. */
  public void forget() {
    locked.forget();
    pages = null;
  }
}
