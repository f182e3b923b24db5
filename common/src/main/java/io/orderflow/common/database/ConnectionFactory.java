package io.orderflow.common.database;

import io.orderflow.common.failure.SqlFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** Opens connections with the parameters of the user and of the connector. */
record ConnectionFactory(DatabaseSettings settings) {

  /** Parameters that the session options replace. */
  private static final Set<String> IN_OPTIONS =
      Set.of(PGProperty.OPTIONS.getName(), PGProperty.CURRENT_SCHEMA.getName());

  /** Opens a connection in auto-commit mode, which the caller closes. */
  Connection open(String applicationName) throws SQLException {
    Driver postgres = new Driver();
    Properties properties = properties(applicationName);
    Set<String> notInUrl = new HashSet<>(properties.stringPropertyNames());
    notInUrl.addAll(IN_OPTIONS);
    String url = DriverParameters.without(notInUrl, settings.url());
    if (!postgres.acceptsURL(url)) {
      // The driver's own message may repeat the URL, which may carry a password.
      throw new SQLException("the driver cannot parse the URL", SqlFailures.CANNOT_CONNECT);
    }
    try {
      return checked(Objects.requireNonNull(postgres.connect(url, properties)));
    } catch (SQLException failure) {
      throw PoolerAdvice.added(failure, settings.pooler());
    }
  }

  private Connection checked(Connection connection) throws SQLException {
    if (settings.pooler() == Pooler.NONE) {
      try {
        SessionCheck.requireOptions(connection, settings.ownOptions());
        DatabaseSettings.execute(connection, settings.sessionSql().session());
      } catch (SQLException | RuntimeException | Error failure) {
        close(connection, failure);
        throw failure;
      }
    }
    return connection;
  }

  private static void close(Connection connection, Throwable failure) {
    try {
      connection.close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * All parameters of a connection, those of the URL included. The driver would let these win over
   * what the connector requires, so they are removed from the URL that it gets.
   */
  Properties properties(String applicationName) {
    DriverParameters parameters = settings.parameters();
    Properties properties = new Properties();
    properties.setProperty("ApplicationName", applicationName);
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("connectTimeout", seconds(settings.connectionTimeout()));
    properties.setProperty("loginTimeout", seconds(settings.connectionTimeout()));
    // The server cancels a slow statement; the socket's limit is for a server that cannot answer.
    properties.setProperty("socketTimeout", seconds(settings.statementTimeout().plusSeconds(10)));
    if (hasSeveralHosts()) {
      // After a failover, the first host may be a standby, which a connector cannot use.
      properties.setProperty("targetServerType", "primary");
    }
    if (settings.pooler() == Pooler.TRANSACTION) {
      properties.setProperty("prepareThreshold", "0");
    }
    settings.driver().forEach(properties::setProperty);
    parameters.ofUrl().forEach(properties::setProperty);
    settings.required().forEach(properties::setProperty);
    IN_OPTIONS.forEach(properties::remove);
    if (settings.pooler() == Pooler.NONE) {
      properties.setProperty(
          PGProperty.OPTIONS.getName(), settings.sessionOptions().startParameter());
    }
    properties.setProperty("user", settings.user());
    if (settings.password() != null) {
      properties.setProperty("password", settings.password().value());
    }
    return properties;
  }

  private boolean hasSeveralHosts() {
    String url = settings.url();
    int query = url.indexOf('?');
    return url.substring(0, query < 0 ? url.length() : query).indexOf(',') >= 0;
  }

  private static String seconds(Duration duration) {
    return Long.toString(Math.max(1, duration.toSeconds()));
  }
}
