package io.orderflow.common.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.SQLExceptionOverride;
import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.SqlFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;

/**
 * A pool of connections to one PostgreSQL database, all of one {@link Mode}. Opening it does not
 * connect yet, so that a task can start while the database is unavailable. Thread-safe.
 */
public final class Database implements AutoCloseable {

  /** The isolation of a pool's transactions. */
  public enum Mode {
    /** All statements of a transaction see the same snapshot, and none can write. */
    SNAPSHOT_READ_ONLY("repeatable read"),
    /** Each statement sees the rows that were committed when it began. */
    READ_COMMITTED("read committed");

    private final String isolation;

    Mode(String isolation) {
      this.isolation = isolation;
    }

    /** The isolation level as PostgreSQL names it. */
    String isolation() {
      return isolation;
    }
  }

  /** The statements of one transaction. */
  @FunctionalInterface
  public interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  /**
   * How a pool is used.
   *
   * @param active connections with a transaction
   * @param idle connections without a transaction
   * @param waiting threads that wait for a connection
   */
  public record PoolUse(int active, int idle, int waiting) {}

  /**
   * Leaves it to {@link #transaction} which connections are used again. The pool recognizes fewer
   * failures that spoil a session (one that began while the server was read-only stays read-only),
   * and logs each broken connection, although one line for each outage is enough.
   */
  private static final SQLExceptionOverride KEEP_CONNECTIONS =
      new SQLExceptionOverride() {
        @java.lang.Override
        public SQLExceptionOverride.Override adjudicate(SQLException failure) {
          return SQLExceptionOverride.Override.DO_NOT_EVICT;
        }
      };

  /** Other tasks may wait for a connection that this one does not use. */
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(15);

  private final HikariDataSource pool;
  private final DatabaseSettings settings;
  private final String beginSql;

  private Database(HikariDataSource pool, DatabaseSettings settings, String beginSql) {
    this.pool = pool;
    this.settings = settings;
    this.beginSql = beginSql;
  }

  /**
   * Creates a pool.
   *
   * @param applicationName shown in {@code pg_stat_activity}
   * @param connections maximum number of concurrent transactions
   */
  public static Database open(
      DatabaseSettings settings, Mode mode, String applicationName, int connections) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(applicationName);
    // An option of the session, since a pooler may give each transaction another session: what a
    // statement sets for a session would be lost, or change the transactions of other clients.
    DatabaseSettings isolated =
        settings.withOptions(Map.of("default_transaction_isolation", mode.isolation()));
    config.setDataSource(new SettingsDataSource(isolated, applicationName));
    config.setMaximumPoolSize(connections);
    // Without idle connections to keep, the pool connects only while a caller waits, so that the
    // caller decides when to retry. Otherwise it would retry every 5 seconds during an outage.
    config.setMinimumIdle(0);
    config.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    config.setConnectionTimeout(settings.connectionTimeout().toMillis());
    config.setInitializationFailTimeout(-1);
    config.setAutoCommit(false);
    config.setExceptionOverride(KEEP_CONNECTIONS);
    config.setReadOnly(mode == Mode.SNAPSHOT_READ_ONLY);
    String beginSql = isolated.beginSql(mode);
    return new Database(new HikariDataSource(config), isolated, beginSql);
  }

  /**
   * Runs the work in one transaction: committed when it returns, rolled back when it throws.
   *
   * @throws SQLException thrown by the work, or because the database refuses the connection; a
   *     failure to roll back is added as suppressed
   */
  public <T> T transaction(Work<T> work) throws SQLException {
    try (Connection connection = connect()) {
      try {
        DatabaseSettings.execute(connection, beginSql);
        T result = work.in(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException | Error failure) {
        rollback(connection, failure);
        if (SqlFailures.classify(failure) == FailureClass.TRANSIENT
            && !SqlFailures.isConflict(failure)) {
          // The server fails, not this transaction: replace all existing sessions.
          pool.getHikariPoolMXBean().softEvictConnections();
        }
        throw failure;
      }
    }
  }

  /** Waits for a connection; if the database refuses it, its own words say why. */
  private Connection connect() throws SQLException {
    try {
      return pool.getConnection();
    } catch (SQLTransientConnectionException timeout) {
      if (timeout.getCause() instanceof SQLException cause) {
        throw cause;
      }
      throw timeout;
    }
  }

  private static void rollback(Connection connection, Throwable failure) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  /** Whether a pooler shares the sessions of PostgreSQL between clients. */
  public boolean usesPooler() {
    return settings.pooler() != Pooler.NONE;
  }

  /** Closes all connections, those with a transaction as soon as it ends. */
  public void closeConnections() {
    pool.getHikariPoolMXBean().softEvictConnections();
  }

  /** How the pool is used at present. */
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
