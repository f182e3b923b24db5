package io.orderflow.source.log;

import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.trace.LogContext;
import io.orderflow.source.log.change.OrderCache;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.read.OrderSnapshotSql;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderIdText;
import io.orderflow.source.schema.OrderSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the orders that have items without existing, by a query that compares the keys of both
 * tables, on a thread and a connection of its own, since it may take minutes. Capture does not wait
 * for it: until then inserted orders are looked up. It runs at the first start, and again only if
 * its result is lost or unusable.
 */
final class StrayItemsQuery implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StrayItemsQuery.class);

  /** From the end of a query, which failed or found too many orders, to the next. */
  private static final Duration PAUSE = Duration.ofMinutes(10);

  private static final Duration FIRST_WAIT = Duration.ofMillis(500);

  /** The planner's usual choice for two whole tables, and no limit of time. */
  private static final String SETTINGS =
      """
      SET statement_timeout = 0; SET enable_seqscan = on; SET enable_bitmapscan = on;
      SET max_parallel_workers_per_gather = 0
      """;

  private final DatabaseSettings database;
  private final CapturedTables tables;
  private final String name;

  private long notBefore = System.nanoTime();
  private boolean isFirst = true;

  /** Null while no query runs. */
  private @Nullable Run run;

  private volatile @Nullable Connection busy;
  private volatile boolean closed;

  /**
   * Connects to nothing yet.
   *
   * @param name of the thread, and of the application in {@code pg_stat_activity}
   */
  StrayItemsQuery(DatabaseSettings database, CapturedTables tables, String name) {
    this.database = database;
    this.tables = tables;
    this.name = name;
  }

  /** What a query has found. */
  private record Found(List<String> orderIds, Lsn until) {}

  /** A query that has begun. */
  private static final class Run {
    private final long timesForgotten;
    private volatile boolean ended;
    private volatile @Nullable Found found;

    private Run(long timesForgotten) {
      this.timesForgotten = timesForgotten;
    }
  }

  /**
   * Begins a query if the cache needs one, and passes on what it has found. Waits for it only at
   * the first call, and not for long.
   */
  void update(OrderCache cache, OrderSchema schema) throws InterruptedException {
    if (run == null) {
      begin(cache, schema);
    }
    Run current = run;
    if (current != null && current.ended) {
      run = null;
      notBefore = System.nanoTime() + PAUSE.toNanos();
      Found found = current.found;
      if (found != null && cache.timesStrayItemsForgotten() == current.timesForgotten) {
        cache.foundStrayItems(found.orderIds(), found.until());
      }
    }
  }

  private void begin(OrderCache cache, OrderSchema schema) throws InterruptedException {
    if (tables.items() == null
        || tables.looksUpEveryOrder()
        || !cache.needsStrayItems()
        || System.nanoTime() - notBefore < 0) {
      return;
    }
    String sql =
        Objects.requireNonNull(
            new OrderSnapshotSql(tables, schema).strayItems(OrderCache.MAX_STRAY_ORDERS + 1));
    Run started = new Run(cache.timesStrayItemsForgotten());
    run = started;
    Thread thread =
        new Thread(
            LogContext.inherited(
                () -> {
                  try {
                    started.found = find(sql);
                  } finally {
                    started.ended = true;
                  }
                }),
            name);
    thread.setDaemon(true);
    thread.start();
    if (isFirst) {
      // In most databases that is enough, so that the first orders need no look-up either.
      isFirst = false;
      thread.join(FIRST_WAIT.toMillis());
    }
  }

  /** Null if the query failed, or found too many. */
  private @Nullable Found find(String sql) {
    try (Connection connection = database.connect(name);
        Statement statement = connection.createStatement()) {
      busy = connection;
      if (closed) {
        return null;
      }
      connection.setNetworkTimeout(Runnable::run, 0);
      statement.execute(SETTINGS);
      List<String> ids = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery(sql)) {
        int parts = rows.getMetaData().getColumnCount();
        while (rows.next()) {
          List<String> id = new ArrayList<>(parts);
          for (int i = 1; i <= parts; i++) {
            id.add(rows.getString(i));
          }
          ids.add(OrderIdText.join(id));
        }
      }
      if (ids.size() > OrderCache.MAX_STRAY_ORDERS) {
        log.info(
            "More than {} orders of {} have items but do not exist, so that each inserted order is looked up",
            OrderCache.MAX_STRAY_ORDERS,
            tables.orders());
        return null;
      }
      return new Found(ids, end(statement));
    } catch (SQLException e) {
      log.debug("Failed to compare the keys of both tables", e);
      return null;
    } finally {
      busy = null;
    }
  }

  private static Lsn end(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT pg_current_wal_insert_lsn()::text")) {
      row.next();
      return Lsn.parse(row.getString(1));
    }
  }

  /** Cancels a running query. */
  @Override
  public void close() {
    closed = true;
    Connection connection = busy;
    if (connection != null) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        log.debug("Failed to end a connection", e);
      }
    }
  }
}
