package io.orderflow.source.query;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.database.TableName;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.sql.DeletesTable;
import io.orderflow.source.sql.ShardSql;
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
 * Counts the orders that were changed after a task's offsets. One thread counts, any thread may
 * read the count. Counting takes about a hundredth of that thread's time at most; if it fails, the
 * count is unknown.
 */
final class LagCounter {

  /** The maximum count; each shard has an equal share of it. */
  private static final int MAX_COUNTED = 100_000;

  private static final Logger log = LoggerFactory.getLogger(LagCounter.class);

  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final int SHARE = 100;

  /** Without this, the planner fetches and sorts whole shards that are small, or not analyzed. */
  private static final String SETTINGS =
      "SET LOCAL statement_timeout = '1s'; SET LOCAL enable_bitmapscan = off";

  private final CapturedTables tables;
  private final int shards;

  /** NaN if unknown. */
  private volatile double orders = Double.NaN;

  private long next = System.nanoTime();

  /**
   * @param shards the number of shards of all tasks
   */
  LagCounter(CapturedTables tables, int shards) {
    this.tables = tables;
    this.shards = shards;
  }

  /** Sets the count to 0, since every order is emitted. */
  void none() {
    orders = 0;
  }

  void unknown() {
    orders = Double.NaN;
  }

  double orders() {
    return orders;
  }

  /**
   * Counts, if the last count was long enough ago.
   *
   * @param connection in a transaction that the count does not affect
   * @throws SQLException if the transaction cannot continue
   */
  void count(Connection connection, OrderSchema schema, Map<Integer, ShardOffset> offsets)
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
      orders = readCount(connection, schema, offsets);
    } catch (SQLException failure) {
      log.debug("Failed to count the orders that are not emitted", failure);
      unknown();
    }
    // Reverts the settings, too.
    connection.rollback(before);
    long now = System.nanoTime();
    next = now + Math.max(INTERVAL.toNanos(), SHARE * (now - began));
  }

  private long readCount(
      Connection connection, OrderSchema schema, Map<Integer, ShardOffset> offsets)
      throws SQLException {
    try (Statement settings = connection.createStatement()) {
      settings.execute(SETTINGS);
    }
    try (PreparedStatement statement =
        connection.prepareStatement(sql(schema, MAX_COUNTED / offsets.size()))) {
      OffsetsSql.bind(connection, statement, schema.ids(), offsets);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /**
   * Reads only the index. Counts orders that wait for the horizon too, and orders that the filter
   * leaves out, since its columns are not in the index.
   */
  private String sql(OrderSchema schema, int perShard) {
    OffsetsSql after = new OffsetsSql(schema, shards);
    String walk =
        indexWalk(after, tables.orders(), quote(schema.changeXid()), schema.ids(), perShard);
    TableName deletes = tables.deletes();
    if (deletes != null) {
      walk +=
          "\nUNION ALL\n"
              + indexWalk(
                  after,
                  deletes,
                  DeletesTable.CHANGE_XID,
                  DeletesTable.ids(schema.ids()),
                  perShard);
    }
    return """
        SELECT count(*) FROM %s
        CROSS JOIN LATERAL (
        %s
        ) AS changed
        """
        .formatted(after.table(), walk);
  }

  private static String indexWalk(
      OffsetsSql after, TableName table, String xid, OrderIdColumns ids, int perShard) {
    return """
        (SELECT 1 FROM %s
        WHERE %s
        ORDER BY %s, %s
        LIMIT %d)"""
        .formatted(table.quoted(), after.after(xid, ids), xid, ShardSql.ordered(ids), perShard);
  }
}
