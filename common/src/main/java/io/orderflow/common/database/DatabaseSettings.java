package io.orderflow.common.database;

import io.orderflow.common.config.Finding;
import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * How to reach the database: the {@code database.*} settings of both connectors.
 *
 * @param url JDBC URL of PostgreSQL; several hosts and driver parameters are allowed
 * @param connectionTimeout maximum wait for a connection
 * @param statementTimeout maximum duration of a statement; the server enforces it
 * @param pooler whether a connection pooler is between the connector and PostgreSQL
 * @param driver further parameters of the driver, such as those for TLS, as the user has set them
 * @param options the connector's own session options, by name; the user's options win
 * @param required the connector's own parameters of the driver, which win over the user's
 * @param sessionSql what begins each session or transaction, so that settings of the role, of the
 *     database or of the driver do not apply
 */
public record DatabaseSettings(
    String url,
    String user,
    @Nullable Password password,
    Duration connectionTimeout,
    Duration statementTimeout,
    Pooler pooler,
    Map<String, String> driver,
    Map<String, String> options,
    Map<String, String> required,
    SessionSql sessionSql) {

  public static final String URL = "database.url";
  public static final String USER = "database.user";
  public static final String PASSWORD = "database.password";
  public static final String CONNECTION_TIMEOUT = "database.connection.timeout.ms";
  public static final String STATEMENT_TIMEOUT = "database.statement.timeout.ms";
  public static final String POOLER = "database.pooler";

  /** Settings that begin with this are passed to the driver, without the prefix. */
  public static final String DRIVER_PREFIX = "database.driver.";

  private static final String BINARY_TRANSFER_DISABLE =
      PGProperty.BINARY_TRANSFER_DISABLE.getName();

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
          // A held lock ends a statement by this time-out and a frozen server 10 s later, so that
          // a task says within a minute what it waits for.
          Setting.of(STATEMENT_TIMEOUT, Type.LONG)
              .defaultsTo(45_000L)
              .between(1_000L, 3_600_000L)
              .low()
              .documented(
                  "Maximum duration of one statement, in milliseconds. The server then cancels it,"
                      + " and the transaction is retried."),
          Setting.of(POOLER, Type.STRING)
              .defaultsTo("none")
              .oneOf("none", "transaction")
              .low()
              .documented(
                  "Whether database.url leads to a connection pooler: none, or transaction for a pooler"
                      + " that may use another session of PostgreSQL for each transaction, such as"
                      + " PgBouncer, RDS Proxy or Supavisor. Each transaction then sets its own options,"
                      + " and no statement is prepared for a later transaction, unless the driver's"
                      + " parameter prepareThreshold says so."));

  /** Settings of a database without a pooler, and without options of the connector's own. */
  public DatabaseSettings(
      String url,
      String user,
      @Nullable Password password,
      Duration connectionTimeout,
      Duration statementTimeout,
      Map<String, String> driver) {
    this(
        url,
        user,
        password,
        connectionTimeout,
        statementTimeout,
        Pooler.NONE,
        driver,
        Map.of(),
        Map.of(),
        SessionSql.NONE);
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
        Pooler.valueOf(config.getString(POOLER).toUpperCase(Locale.ROOT)),
        Map.copyOf(driver),
        Map.of(),
        Map.of(),
        SessionSql.NONE);
  }

  /** Reports parameters of the driver, and session options, that a connector cannot work with. */
  public static List<Finding> findings(AbstractConfig config) {
    DatabaseSettings settings = of(config);
    return settings.parameters().findings();
  }

  DriverParameters parameters() {
    return DriverParameters.of(url, driver);
  }

  /** Copies the settings with parameters of the driver that win over those of the user. */
  public DatabaseSettings withRequired(Map<String, String> parameters) {
    Map<String, String> all = new HashMap<>(required);
    all.putAll(parameters);
    return with(options, all);
  }

  /**
   * Copies the settings for a driver that reads values of some types as text, in addition to those
   * that the user has named.
   *
   * @param types names or OIDs, separated by commas
   */
  public DatabaseSettings withTextTransfer(String types) {
    String own = parameters().value(BINARY_TRANSFER_DISABLE);
    return withRequired(
        Map.of(BINARY_TRANSFER_DISABLE, own == null || own.isBlank() ? types : own + "," + types));
  }

  /** Copies the settings with further session options, by name. Options of the user win. */
  public DatabaseSettings withOptions(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(options);
    all.putAll(more);
    return with(all, required);
  }

  private DatabaseSettings with(Map<String, String> newOptions, Map<String, String> newRequired) {
    return new DatabaseSettings(
        url,
        user,
        password,
        connectionTimeout,
        statementTimeout,
        pooler,
        driver,
        Map.copyOf(newOptions),
        Map.copyOf(newRequired),
        sessionSql);
  }

  /** Copies the settings with statements that begin each session, or each transaction. */
  public DatabaseSettings withSessionSql(SessionSql statements) {
    return new DatabaseSettings(
        url,
        user,
        password,
        connectionTimeout,
        statementTimeout,
        pooler,
        driver,
        options,
        required,
        statements);
  }

  /** The options of each session: the connector's own, and the user's, which win. */
  SessionOptions sessionOptions() {
    return ownOptions().and(parameters().options());
  }

  /** The options that the connector itself needs in each session. */
  SessionOptions ownOptions() {
    return new SessionOptions(
            Map.of("statement_timeout", Long.toString(statementTimeout.toMillis())))
        .and(new SessionOptions(options));
  }

  /**
   * Opens one connection outside any pool. A pool would retry until its time is up; this fails at
   * once if the server refuses.
   *
   * @param applicationName shown in {@code pg_stat_activity}
   * @return a connection in auto-commit mode; the caller closes it
   */
  public Connection connect(String applicationName) throws SQLException {
    return new ConnectionFactory(this).open(applicationName);
  }

  /**
   * Runs work in one transaction of a connection of its own.
   *
   * @param applicationName shown in {@code pg_stat_activity}
   * @throws SQLException thrown by the work, or because the connection is refused
   */
  public <T> T transaction(String applicationName, Database.Work<T> work) throws SQLException {
    try (Connection connection = connect(applicationName)) {
      connection.setAutoCommit(false);
      execute(connection, beginSql(Database.Mode.READ_COMMITTED));
      T result = work.in(connection);
      connection.commit();
      return result;
    }
  }

  /**
   * Statements that begin each transaction and set its isolation and options; empty if its session
   * has them already. They are sent at once, since each round trip delays every transaction. Only
   * SET is among them, which takes no snapshot: captures lock the tables before theirs.
   *
   * @throws IllegalArgumentException if the user's options cannot be parsed
   */
  String beginSql(Database.Mode mode) {
    if (pooler == Pooler.NONE) {
      return "";
    }
    // The options come last: those of the user win.
    return Stream.of(
            "SET TRANSACTION ISOLATION LEVEL " + mode.isolation(),
            sessionSql.transaction().strip(),
            sessionOptions().transactionSql())
        .filter(statements -> !statements.isEmpty())
        .collect(Collectors.joining(";\n"));
  }

  /** Executes statements that return nothing; does nothing if there are none. */
  static void execute(Connection connection, String statements) throws SQLException {
    if (!statements.isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(statements);
      }
    }
  }

  private static void requirePostgresUrl(String key, @Nullable Object value) {
    if (!(value instanceof String url) || !url.startsWith("jdbc:postgresql:")) {
      // The value is not repeated: a URL may carry a password.
      throw new ConfigException(key + ": the URL must start with jdbc:postgresql:");
    }
  }
}
