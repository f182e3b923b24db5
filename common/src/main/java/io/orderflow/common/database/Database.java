package io.orderflow.common.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.SqlFailures;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A pool of connections to one PostgreSQL database, all of one {@link Mode}. Opening it connects to
 * nothing yet, so that a task can start while the database is away. Safe for use by many threads.
 */
public final class Database implements AutoCloseable {

  /** What the transactions of a pool are for. */
  public enum Mode {
    /** Every statement of a transaction sees the same snapshot, and none can write. */
    SNAPSHOT_READ_ONLY,
    /** Each statement sees what was committed when it began. */
    READ_COMMITTED
  }

  /** What is done within one transaction. */
  @FunctionalInterface
  public interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  private final HikariDataSource pool;

  private Database(HikariDataSource pool) {
    this.pool = pool;
  }

  /**
   * A pool for one database.
   *
   * @param applicationName what {@code pg_stat_activity} shows
   * @param connections how many transactions can run at once
   */
  public static Database open(
      DatabaseSettings settings, Mode mode, String applicationName, int connections) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(applicationName);
    config.setJdbcUrl(settings.url());
    config.setDriverClassName(DatabaseSettings.DRIVER);
    config.setUsername(settings.user());
    if (settings.password() != null) {
      config.setPassword(settings.password().value());
    }
    config.setDataSourceProperties(settings.driverProperties(applicationName));
    config.setMaximumPoolSize(connections);
    // The pool tries only while somebody waits for a connection: when to try again, and with what
    // jitter, is for the caller to say. To keep some idle, it would try all the time, each 5
    // seconds.
    config.setMinimumIdle(0);
    config.setConnectionTimeout(settings.connectionTimeout().toMillis());
    config.setInitializationFailTimeout(-1);
    config.setAutoCommit(false);
    config.setExceptionOverride(new NoEviction());
    config.setReadOnly(mode == Mode.SNAPSHOT_READ_ONLY);
    config.setTransactionIsolation(
        mode == Mode.SNAPSHOT_READ_ONLY
            ? "TRANSACTION_REPEATABLE_READ"
            : "TRANSACTION_READ_COMMITTED");
    return new Database(new HikariDataSource(config));
  }

  /**
   * Runs the work in one transaction: committed when it returns, rolled back when it throws.
   *
   * @throws SQLException as the work threw it; a failure to roll back is added as suppressed
   */
  public <T> T transaction(Work<T> work) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      try {
        T result = work.in(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException | Error failure) {
        rollback(connection, failure);
        if (SqlFailures.classify(failure) == FailureClass.TRANSIENT
            && !SqlFailures.isConflict(failure)) {
          // It is the server that fails: no session from before is used again.
          pool.getHikariPoolMXBean().softEvictConnections();
        }
        throw failure;
      }
    }
  }

  private static void rollback(Connection connection, Throwable failure) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  /** How the pool is used now. */
  public PoolUse use() {
    HikariPoolMXBean now = pool.getHikariPoolMXBean();
    return new PoolUse(
        now.getActiveConnections(), now.getIdleConnections(), now.getThreadsAwaitingConnection());
  }

  @Override
  public void close() {
    pool.close();
  }
}
