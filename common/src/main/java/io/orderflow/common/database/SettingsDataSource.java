package io.orderflow.common.database;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Connects for a pool as {@link DatabaseSettings#connect} does. */
record SettingsDataSource(DatabaseSettings settings, String applicationName) implements DataSource {

  @Override
  public Connection getConnection() throws SQLException {
    return settings.connect(applicationName);
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
