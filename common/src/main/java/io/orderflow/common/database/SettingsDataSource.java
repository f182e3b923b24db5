package io.orderflow.common.database;

import io.orderflow.common.failure.SqlFailures;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Connects for a pool as {@link DatabaseSettings#connect} does. */
record SettingsDataSource(DatabaseSettings settings, String applicationName) implements DataSource {

  /** About as long as a sink task that gives its connection back leaves it to others. */
  private static final long MIN_PAUSE_MS = 150;

  private static final long MAX_PAUSE_MS = 350;

  /**
   * While all connections that the server allows are in use, tries again for half the time that a
   * caller of the pool waits, so that the caller sees the server's words. The pool itself would
   * pause for up to 5 seconds between two attempts, and miss the moment at which another task gives
   * its connection back.
   */
  @Override
  public Connection getConnection() throws SQLException {
    long deadline = System.nanoTime() + settings.connectionTimeout().toNanos() / 2;
    while (true) {
      try {
        return settings.connect(applicationName);
      } catch (SQLException failure) {
        if (!SqlFailures.isTooManyConnections(failure) || System.nanoTime() - deadline >= 0) {
          throw failure;
        }
        pause(failure);
      }
    }
  }

  private static void pause(SQLException failure) throws SQLException {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(MIN_PAUSE_MS, MAX_PAUSE_MS));
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the settings name the role");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  /** Ignored: the driver has loggers of its own. */
  @Override
  public void setLogWriter(PrintWriter writer) {}

  /** Ignored: the settings limit the time. */
  @Override
  public void setLoginTimeout(int seconds) {}

  /** As long as the pool waits, when it is closed, for a connection that is being opened. */
  @Override
  public int getLoginTimeout() {
    return (int) Math.max(1, settings.connectionTimeout().toSeconds());
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("there are no loggers of java.util.logging");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("nothing is wrapped");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
