package io.orderflow.source.query;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.database.TableName;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many orders were changed after a task's positions. One thread counts, any may ask. A count
 * takes a hundredth of that thread's time at most, and does no harm when it fails.
 */
public final class LagCounter {

  /** So many are counted, the same share of each shard: there may be more. */
  private static final int MOST = 100_000;

  private static final Logger log = LoggerFactory.getLogger(LagCounter.class);

  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final int SHARE = 100;

  /** The planner would rather fetch and sort whole shards where they are small, or not analyzed. */
  private static final String CHEAP =
      "SET LOCAL statement_timeout = '1s'; SET LOCAL enable_bitmapscan = off";

  private final CapturedTables tables;
  private final int shards;

  /** NaN where it is not known. */
  private volatile double orders = Double.NaN;

  private long next = System.nanoTime();

  /**
   * @param shards how many there are in all
   */
  public LagCounter(CapturedTables tables, int shards) {
    this.tables = tables;
    this.shards = shards;
  }

  /** Everything is told. */
  public void none() {
    orders = 0;
  }

  public void unknown() {
    orders = Double.NaN;
  }

  public double orders() {
    return orders;
  }

  /**
   * Counts, if the last count is a while ago; that there is nothing is not true any more.
   *
   * @param connection in a transaction that goes on as if nothing had been asked
   * @throws SQLException when it cannot go on
   */
  public void count(Connection connection, OrderSchema layout, Map<Integer, ShardOffset> positions)
      throws SQLException {
    long began = System.nanoTime();
    if (began - next < 0) {
      if (orders == 0) {
        unknown();
      }
      return;
    }
    Savepoint before = connection.setSavepoint();
    try {
      orders = counted(connection, layout, positions);
    } catch (SQLException failure) {
      log.debug("The orders that wait are not counted", failure);
      unknown();
    }
    // The settings go with it.
    connection.rollback(before);
    long now = System.nanoTime();
    next = now + Math.max(INTERVAL.toNanos(), SHARE * (now - began));
  }

  private long counted(
      Connection connection, OrderSchema layout, Map<Integer, ShardOffset> positions)
      throws SQLException {
    try (Statement settings = connection.createStatement()) {
      settings.execute(CHEAP);
    }
    try (PreparedStatement statement =
        connection.prepareStatement(sql(layout, MOST / positions.size()))) {
      OffsetsSql.bind(connection, statement, positions);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /**
   * Walks along the index alone. What waits for the horizon counts, and what a condition on orders
   * leaves out, which is not in the index.
   */
  private String sql(OrderSchema layout, int perShard) {
    OffsetsSql after = new OffsetsSql(layout, shards);
    String walk =
        walk(after, tables.orders(), quote(layout.changeXid()), layout.ordersId(), perShard);
    TableName deletes = tables.deletes();
    if (deletes != null) {
      walk +=
          "\nUNION ALL\n"
              + walk(after, deletes, DeletesTable.CHANGE_XID, DeletesTable.ORDER_ID, perShard);
    }
    return """
        SELECT count(*) FROM %s
        CROSS JOIN LATERAL (
        %s
        ) AS waiting
        """
        .formatted(OffsetsSql.TABLE, walk);
  }

  private static String walk(
      OffsetsSql after, TableName table, String xid, String id, int perShard) {
    return """
        (SELECT 1 FROM %s
        WHERE %s
        ORDER BY %s, %s
        LIMIT %d)"""
        .formatted(
            table.quoted(),
            after.after(xid, id),
            xid,
            ShardSql.ordered(after.layout().idType(), id),
            perShard);
  }
}
