package io.orderflow.common.database;

import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.common.failure.SqlFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * How to reach the database: the {@code database.*} settings of both connectors.
 *
 * @param url JDBC URL of PostgreSQL; several hosts and driver parameters are allowed
 * @param connectionTimeout maximum wait for a connection
 * @param statementTimeout maximum duration of a statement; the server enforces it
 * @param driver further properties of the driver, such as those for TLS
 * @param pooler whether the URL leads to a pooler that gives a session to one transaction at a
 *     time. It accepts no options when a session starts, and a statement that one transaction has
 *     prepared is unknown to the next
 * @param sessionSql statements that each new connection executes first, so that settings of the
 *     role, of the database or of the driver do not apply; empty if there are none
 */
public record DatabaseSettings(
    String url,
    String user,
    @Nullable Password password,
    Duration connectionTimeout,
    Duration statementTimeout,
    Map<String, String> driver,
    boolean pooler,
    String sessionSql) {

  /** Takes the session's options out of the URL, where they would replace all others. */
  public DatabaseSettings {
    SessionOptions options = SessionOptions.ofUrl(url);
    url = options.url();
    driver = options.mergedInto(driver);
  }

  /** Settings of a database that is reached without a pooler. */
  public DatabaseSettings(
      String url,
      String user,
      @Nullable Password password,
      Duration connectionTimeout,
      Duration statementTimeout,
      Map<String, String> driver) {
    this(url, user, password, connectionTimeout, statementTimeout, driver, false, "");
  }

  /** Copies the settings for a URL that leads to a pooler, or not. */
  public DatabaseSettings throughPooler(boolean isPooler) {
    return new DatabaseSettings(
        url, user, password, connectionTimeout, statementTimeout, driver, isPooler, sessionSql);
  }

  public static final String URL = "database.url";
  public static final String USER = "database.user";
  public static final String PASSWORD = "database.password";
  public static final String CONNECTION_TIMEOUT = "database.connection.timeout.ms";
  public static final String STATEMENT_TIMEOUT = "database.statement.timeout.ms";

  /** Settings that begin with this are passed to the driver, without the prefix. */
  public static final String DRIVER_PREFIX = "database.driver.";

  /**
   * The driver's class, for the pool. It is named because a worker that finds plugins by service
   * manifests alone does not register drivers with {@link java.sql.DriverManager}.
   */
  static final String DRIVER = Driver.class.getName();

  public static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Database",
          Setting.of(URL, Type.STRING)
              .validatedBy(
                  ConfigDef.LambdaValidator.with(
                      DatabaseSettings::requirePostgresUrl, () -> "jdbc:postgresql:..."))
              .high()
              .documented(
                  "JDBC URL of the database, for example jdbc:postgresql://db.example:5432/shop. It"
                      + " may name several hosts and parameters of the driver. Parameters can also be"
                      + " set as "
                      + DRIVER_PREFIX
                      + "NAME, for example "
                      + DRIVER_PREFIX
                      + "sslmode=verify-full."),
          Setting.of(USER, Type.STRING).high().documented("Role to connect as."),
          Setting.of(PASSWORD, Type.PASSWORD)
              .optional()
              .high()
              .documented(
                  "Password of the role. Keep it out of the configuration with one of Connect's"
                      + " configuration providers."),
          Setting.of(CONNECTION_TIMEOUT, Type.LONG)
              .defaultsTo(5_000L)
              .between(250L, 600_000L)
              .low()
              .documented(
                  "Maximum wait for a connection, in milliseconds. After that the database counts as"
                      + " unavailable."),
          Setting.of(STATEMENT_TIMEOUT, Type.LONG)
              .defaultsTo(60_000L)
              .between(1_000L, 3_600_000L)
              .low()
              .documented(
                  "Maximum duration of one statement, in milliseconds. The server then cancels it,"
                      + " and the transaction is retried."));

  /** Reads the shared settings from a connector's configuration. */
  public static DatabaseSettings of(AbstractConfig config) {
    Map<String, String> driver = new HashMap<>();
    config
        .originalsWithPrefix(DRIVER_PREFIX)
        .forEach((name, value) -> driver.put(name, String.valueOf(value)));
    return new DatabaseSettings(
        config.getString(URL),
        config.getString(USER),
        config.getPassword(PASSWORD),
        Duration.ofMillis(config.getLong(CONNECTION_TIMEOUT)),
        Duration.ofMillis(config.getLong(STATEMENT_TIMEOUT)),
        Map.copyOf(driver));
  }

  /** Copies the settings with a property of the driver, unless the user has set that property. */
  public DatabaseSettings withDriverDefault(String name, String value) {
    Map<String, String> more = new HashMap<>(driver);
    more.putIfAbsent(name, value);
    return withDriver(more);
  }

  /**
   * Copies the settings with further options for each session. Options that the user has set win.
   *
   * @param options in the form of the driver's property {@code options}: {@code -c name=value}
   */
  public DatabaseSettings withOptions(String options) {
    Map<String, String> more = new HashMap<>(driver);
    more.merge("options", options, (own, ours) -> ours + " " + own);
    return withDriver(more);
  }

  private DatabaseSettings withDriver(Map<String, String> properties) {
    return new DatabaseSettings(
        url,
        user,
        password,
        connectionTimeout,
        statementTimeout,
        Map.copyOf(properties),
        pooler,
        sessionSql);
  }

  /** Copies the settings with statements that each new connection executes first. */
  public DatabaseSettings withSessionSql(String statements) {
    return new DatabaseSettings(
        url, user, password, connectionTimeout, statementTimeout, driver, pooler, statements);
  }

  /**
   * Opens one connection outside any pool. A pool would retry until its time is up; this fails at
   * once if the server refuses.
   *
   * @param applicationName shown in {@code pg_stat_activity}
   * @return a connection in auto-commit mode; the caller closes it
   */
  public Connection connect(String applicationName) throws SQLException {
    Driver postgres = new Driver();
    if (!postgres.acceptsURL(url)) {
      // The driver's own message may repeat the URL, which may carry a password.
      throw new SQLException("the driver cannot parse the URL", SqlFailures.CANNOT_CONNECT);
    }
    Properties properties = driverProperties(applicationName);
    properties.setProperty("user", user);
    if (password != null) {
      properties.setProperty("password", password.value());
    }
    Connection connection = Objects.requireNonNull(postgres.connect(url, properties));
    if (!sessionSql.isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sessionSql);
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

  /** The driver's properties. Those that the user has set win over ours. */
  Properties driverProperties(String applicationName) {
    Properties properties = new Properties();
    properties.setProperty("ApplicationName", applicationName);
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("connectTimeout", seconds(connectionTimeout));
    // The server cancels a slow statement; the socket's limit is for a server that cannot answer.
    properties.setProperty("socketTimeout", seconds(statementTimeout.plusSeconds(10)));
    if (pooler) {
      properties.setProperty("prepareThreshold", "0");
    }
    driver.forEach(properties::setProperty);
    if (pooler) {
      properties.remove("options");
    } else {
      properties.setProperty("options", options());
    }
    return properties;
  }

  /** The options of a session; the setting for the statement timeout wins over others. */
  private String options() {
    return (driver.getOrDefault("options", "")
            + " -c statement_timeout="
            + statementTimeout.toMillis())
        .strip();
  }

  /**
   * What each transaction must set by itself, since the session cannot: names and values. Empty
   * without a pooler.
   *
   * @throws ConfigException if the user's options are not of the form {@code -c name=value}
   */
  Map<String, String> transactionSettings() {
    return pooler ? SessionOptions.parse(options()) : Map.of();
  }

  private static String seconds(Duration duration) {
    return Long.toString(Math.max(1, duration.toSeconds()));
  }

  private static void requirePostgresUrl(String key, @Nullable Object value) {
    if (!(value instanceof String url) || !url.startsWith("jdbc:postgresql:")) {
      // The value is not repeated: a URL may carry a password.
      throw new ConfigException(key + ": the URL must start with jdbc:postgresql:");
    }
  }
}
