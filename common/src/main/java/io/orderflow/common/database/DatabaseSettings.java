package io.orderflow.common.database;

import com.zaxxer.hikari.util.DriverDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * How to reach the database: the {@code database.*} settings that both connectors share.
 *
 * @param url JDBC URL of PostgreSQL; several hosts and driver parameters are allowed
 * @param connectionTimeout how long to wait for a connection
 * @param statementTimeout how long a statement may take, kept by the server
 * @param driver further properties of the driver, TLS among them
 */
public record DatabaseSettings(
    String url,
    String user,
    @Nullable Password password,
    Duration connectionTimeout,
    Duration statementTimeout,
    Map<String, String> driver) {

  public static final String URL = "database.url";
  public static final String USER = "database.user";
  public static final String PASSWORD = "database.password";
  public static final String CONNECTION_TIMEOUT = "database.connection.timeout.ms";
  public static final String STATEMENT_TIMEOUT = "database.statement.timeout.ms";

  /** Whatever follows this prefix is handed to the driver under its own name. */
  public static final String DRIVER_PREFIX = "database.driver.";

  /**
   * Named, since a worker that loads plugins by service manifests alone does not scan for drivers.
   */
  static final String DRIVER = "org.postgresql.Driver";

  private static final String GROUP = "Database";

  /** Adds the shared settings to a connector's own. */
  public static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            URL,
            Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            ConfigDef.LambdaValidator.with(
                DatabaseSettings::requirePostgresUrl, () -> "jdbc:postgresql:..."),
            Importance.HIGH,
            "JDBC URL of the database, for example jdbc:postgresql://db.example:5432/shop. Several"
                + " hosts and the driver's parameters may stand in it. Settings for TLS and the"
                + " like can also be given as "
                + DRIVER_PREFIX
                + "NAME, for example "
                + DRIVER_PREFIX
                + "sslmode=verify-full.",
            GROUP,
            1,
            Width.LONG,
            URL)
        .define(
            USER,
            Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            Importance.HIGH,
            "Role to connect as.",
            GROUP,
            2,
            Width.MEDIUM,
            USER)
        .define(
            PASSWORD,
            Type.PASSWORD,
            null,
            Importance.HIGH,
            "Password of the role. Best given through a Connect configuration provider.",
            GROUP,
            3,
            Width.MEDIUM,
            PASSWORD)
        .define(
            CONNECTION_TIMEOUT,
            Type.LONG,
            5_000L,
            ConfigDef.Range.between(250L, 600_000L),
            Importance.LOW,
            "How long to wait for a connection, in milliseconds, before it counts as an outage.",
            GROUP,
            4,
            Width.SHORT,
            CONNECTION_TIMEOUT)
        .define(
            STATEMENT_TIMEOUT,
            Type.LONG,
            60_000L,
            ConfigDef.Range.between(1_000L, 3_600_000L),
            Importance.LOW,
            "How long one statement may take, in milliseconds. The server ends it then, and the"
                + " transaction is tried again.",
            GROUP,
            5,
            Width.SHORT,
            STATEMENT_TIMEOUT);
  }

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

  /** The same, with a property of the driver where the user has not named it. */
  public DatabaseSettings withDriverDefault(String name, String value) {
    Map<String, String> more = new HashMap<>(driver);
    more.putIfAbsent(name, value);
    return withDriver(more);
  }

  /**
   * The same, with further options for each session; those that the user named win.
   *
   * @param options as the driver's {@code options} has them: {@code -c name=value}
   */
  public DatabaseSettings withOptions(String options) {
    Map<String, String> more = new HashMap<>(driver);
    more.merge("options", options, (own, ours) -> ours + " " + own);
    return withDriver(more);
  }

  private DatabaseSettings withDriver(Map<String, String> properties) {
    return new DatabaseSettings(
        url, user, password, connectionTimeout, statementTimeout, Map.copyOf(properties));
  }

  /**
   * One connection outside any pool, for a look around. A pool would keep trying until its time is
   * up; this fails at once where the server refuses.
   *
   * @param applicationName what {@code pg_stat_activity} shows
   * @return a connection in auto-commit mode; the caller closes it
   */
  public Connection connect(String applicationName) throws SQLException {
    Properties properties = driverProperties(applicationName);
    String secret = password == null ? null : password.value();
    try {
      return new DriverDataSource(url, DRIVER, properties, user, secret).getConnection();
    } catch (RuntimeException e) {
      // 08001: the client could not establish the connection. Its message may repeat the URL.
      throw new SQLException("the driver does not understand the URL", "08001");
    }
  }

  /** The driver's properties; those that the user named win over ours. */
  Properties driverProperties(String applicationName) {
    Properties properties = new Properties();
    properties.setProperty("ApplicationName", applicationName);
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("connectTimeout", seconds(connectionTimeout));
    // The server ends a slow statement; the socket's own limit is for a server that cannot answer.
    properties.setProperty("socketTimeout", seconds(statementTimeout.plusSeconds(10)));
    driver.forEach(properties::setProperty);
    properties.setProperty(
        "options",
        (driver.getOrDefault("options", "")
                + " -c statement_timeout="
                + statementTimeout.toMillis())
            .strip());
    return properties;
  }

  private static String seconds(Duration duration) {
    return Long.toString(Math.max(1, duration.toSeconds()));
  }

  private static void requirePostgresUrl(String key, @Nullable Object value) {
    if (!(value instanceof String url) || !url.startsWith("jdbc:postgresql:")) {
      // The value is not repeated: a URL may carry a password.
      throw new ConfigException(
          key + ": expected a JDBC URL that starts with jdbc:postgresql:, found another");
    }
  }
}
