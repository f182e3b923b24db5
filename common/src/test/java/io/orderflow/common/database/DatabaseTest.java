package io.orderflow.common.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.common.fixture.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DatabaseTest {

  private static TestPostgres server;

  private Database writing;
  private Database reading;

  @BeforeAll
  static void startServer() {
    server = TestPostgres.start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void open() throws SQLException {
    writing = Database.open(settings(Map.of()), Database.Mode.READ_COMMITTED, "writing", 1);
    reading = Database.open(settings(Map.of()), Database.Mode.SNAPSHOT_READ_ONLY, "reading", 1);
    execute(writing, "DROP TABLE IF EXISTS t");
    execute(writing, "CREATE TABLE t (a int)");
  }

  @AfterEach
  void close() {
    reading.close();
    writing.close();
  }

  @Test
  void failedWorkLeavesNothingBehind() throws SQLException {
    // When
    SQLException failure =
        assertThrows(
            SQLException.class,
            () ->
                writing.transaction(
                    connection -> {
                      update(connection, "INSERT INTO t VALUES (1)");
                      return update(connection, "INSERT INTO t VALUES ('x')");
                    }));

    // Then
    assertEquals(FailureClass.BAD_RECORD, SqlFailures.classify(failure));
    assertEquals(0, count(reading));
  }

  @Test
  void snapshotDoesNotMoveWithinATransaction() throws SQLException {
    // When
    int seen =
        reading.transaction(
            connection -> {
              int before = count(connection);
              execute(writing, "INSERT INTO t VALUES (1)");
              return before + count(connection);
            });

    // Then
    assertEquals(0, seen);
    assertEquals(1, count(reading));
  }

  @Test
  void readingPoolCannotWrite() {
    assertEquals(
        "25006",
        assertThrows(SQLException.class, () -> execute(reading, "INSERT INTO t VALUES (1)"))
            .getSQLState());
  }

  @Test
  void slowStatementIsEndedByTheServer() {
    try (Database impatient =
        Database.open(
            settings(Map.of("options", "-c lock_timeout=7")),
            Database.Mode.READ_COMMITTED,
            "impatient",
            1)) {
      // When
      SQLException failure =
          assertThrows(SQLException.class, () -> execute(impatient, "SELECT pg_sleep(30)"));

      // Then
      assertEquals("57014", failure.getSQLState());
      assertEquals(FailureClass.TRANSIENT, SqlFailures.classify(failure));
    }
  }

  @Test
  void optionsOfTheUrlAreMergedWithThoseOfTheConnector() throws SQLException {
    // Given: the URL has options, a setting has, and the connector has
    DatabaseSettings settings =
        new DatabaseSettings(
                server.url("postgres") + "?options=-c%20work_mem%3D7MB%20-c%20jit%3Don",
                "postgres",
                null,
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                Map.of("options", "-c lock_timeout=1234"))
            .withOptions(Map.of("jit", "off", "enable_seqscan", "off"));
    String names =
        "'statement_timeout','lock_timeout','work_mem','jit','enable_seqscan','transaction_isolation'";
    String sql =
        "SELECT string_agg(current_setting(name), '|' ORDER BY n) FROM unnest(ARRAY[%s]) WITH ORDINALITY AS u (name, n)"
            .formatted(names);

    // When
    try (Database pool = Database.open(settings, Database.Mode.SNAPSHOT_READ_ONLY, "merged", 1);
        Connection single = settings.connect("single")) {
      String pooled = pool.transaction(connection -> text(connection, sql));

      // Then: the user's options win
      assertEquals("3s|1234ms|7MB|on|off|repeatable read", pooled);
      assertEquals("3s|1234ms|7MB|on|off|read committed", text(single, sql));
    }
  }

  @Test
  void transactionsThroughAPoolerHaveTheSameOptionsAndLeaveNothingInTheSession()
      throws SQLException {
    // Given
    DatabaseSettings settings =
        new DatabaseSettings(
            server.url("postgres") + "?options=-c%20search_path%3Da,%5C%20b",
            "postgres",
            null,
            Duration.ofSeconds(5),
            Duration.ofSeconds(3),
            Pooler.TRANSACTION,
            Map.of(),
            Map.of("jit", "off"),
            Map.of(),
            new SessionSql("SET work_mem = '9MB'", "SET LOCAL work_mem = '9MB'"));
    String sql =
        "SELECT concat_ws('|', current_setting('statement_timeout'), current_setting('jit'), current_setting('search_path'), current_setting('work_mem'), current_setting('transaction_isolation'), current_setting('transaction_read_only'))";

    try (Database pool = Database.open(settings, Database.Mode.SNAPSHOT_READ_ONLY, "pooled", 1)) {
      // When
      String within = pool.transaction(connection -> text(connection, sql));
      String session =
          pool.transaction(
              connection -> {
                connection.rollback();
                return text(connection, sql);
              });

      // Then
      assertEquals("3s|off|a, b|9MB|repeatable read|on", within);
      assertEquals("0|on|\"$user\", public|4MB|read committed|on", session);
    }
  }

  /** The server parses the list of a session; the connector that of a transaction. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "options, a",
        "options, A",
        "options, `\"A\" , B`",
        "options, `\"a,b\",\"c\"\"d\"`",
        "options, `x y`",
        "options, `\"x y\"`",
        "options, `É,\"É\"`",
        "options, `\"$user\", public`",
        "options, $user",
        "options, `\"back\\slash\",it's`",
        "options, ``",
        "options, `a,`",
        "options, `\"a`",
        "currentSchema, `A,\"A\"`",
        "currentSchema, `a,,b`",
      })
  void schemasThroughAPoolerAreThoseOfASession(String parameter, String path) throws SQLException {
    // Given
    try (Connection connection = settings(Map.of()).connect("schemas")) {
      for (String name :
          List.of("a", "A", "b", "a,b", "c\"d", "x y", "É", "back\\slash", "it's", "postgres")) {
        update(connection, "CREATE SCHEMA IF NOT EXISTS " + Identifiers.quote(name));
      }
    }
    String value =
        parameter.equals("options")
            ? new SessionOptions(Map.of("search_path", path)).startParameter()
            : path;

    // When
    List<String> found = new ArrayList<>();
    for (Pooler pooler : Pooler.values()) {
      found.add(
          schemas(
              new DatabaseSettings(
                  server.url("postgres"),
                  "postgres",
                  null,
                  Duration.ofSeconds(5),
                  Duration.ofSeconds(3),
                  pooler,
                  Map.of(parameter, value),
                  Map.of(),
                  Map.of(),
                  SessionSql.NONE)));
    }

    // Then
    assertEquals(found.get(0), found.get(1));
    assertEquals(
        found.get(0).equals("refused"),
        !DriverParameters.of("jdbc:postgresql:x", Map.of(parameter, value)).findings().isEmpty());
  }

  private static String schemas(DatabaseSettings settings) {
    try {
      return settings.transaction(
          "schemas", connection -> text(connection, "SELECT current_schemas(false)"));
    } catch (SQLException | IllegalArgumentException e) {
      return "refused";
    }
  }

  /** Captures lock the tables first: to an earlier snapshot, a rewritten table looks empty. */
  @ParameterizedTest
  @EnumSource(Pooler.class)
  void snapshotIsTakenByTheFirstStatementOfTheWork(Pooler pooler) throws SQLException {
    // Given
    DatabaseSettings settings =
        new DatabaseSettings(
            server.url("postgres"),
            "postgres",
            null,
            Duration.ofSeconds(5),
            Duration.ofSeconds(3),
            pooler,
            Map.of(),
            Map.of("jit", "off"),
            Map.of(),
            new SessionSql(
                "SELECT set_config('work_mem', '9MB', false)", "SET LOCAL work_mem = 9999"));
    try (Database pool = Database.open(settings, Database.Mode.SNAPSHOT_READ_ONLY, "first", 1);
        Connection other = settings.connect("other")) {
      // When
      String found =
          pool.transaction(
              connection -> {
                try (Statement statement = other.createStatement()) {
                  statement.execute("CREATE SCHEMA created_between_%s".formatted(pooler));
                }
                return text(
                    connection,
                    "SELECT count(*) FROM pg_namespace WHERE nspname = lower('created_between_%s')"
                        .formatted(pooler));
              });

      // Then
      assertEquals("1", found);
    }
  }

  @Test
  void standbyBehindSeveralHostsIsNotUsed() throws SQLException {
    // Given: a host that does not answer comes first
    DatabaseSettings settings =
        new DatabaseSettings(
            server.url("postgres").replace("//", "//127.0.0.1:1,"),
            "postgres",
            null,
            Duration.ofSeconds(5),
            Duration.ofSeconds(3),
            Map.of());

    // When
    try (Connection connection = settings.connect("hosts")) {
      // Then
      assertEquals("f", text(connection, "SELECT pg_is_in_recovery()"));
      assertEquals(
          "primary",
          new ConnectionFactory(settings).properties("hosts").getProperty("targetServerType"));
    }
  }

  @Test
  void refusedConnectionKeepsTheWordsOfTheServer() {
    // Given
    DatabaseSettings settings =
        new DatabaseSettings(
            server.url("no_such"),
            "postgres",
            null,
            Duration.ofMillis(300),
            Duration.ofSeconds(3),
            Map.of());

    try (Database pool = Database.open(settings, Database.Mode.READ_COMMITTED, "refused", 1)) {
      // When
      SQLException failure = assertThrows(SQLException.class, () -> execute(pool, "SELECT 1"));

      // Then
      assertTrue(
          String.valueOf(failure.getMessage()).contains("database \"no_such\" does not exist"));
      assertEquals(FailureClass.FATAL, SqlFailures.classify(failure));
    }
  }

  @Test
  void poolRecoversFromAKilledBackend() throws SQLException {
    // Given
    SQLException failure =
        assertThrows(
            SQLException.class,
            () ->
                writing.transaction(
                    connection ->
                        update(connection, "SELECT pg_terminate_backend(pg_backend_pid())")));

    // When
    execute(writing, "INSERT INTO t VALUES (1)");

    // Then
    assertEquals(FailureClass.TRANSIENT, SqlFailures.classify(failure));
    assertEquals(1, count(reading));
  }

  private static DatabaseSettings settings(Map<String, String> driver) {
    return new DatabaseSettings(
        server.url("postgres"),
        "postgres",
        null,
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        driver);
  }

  private static void execute(Database database, String sql) throws SQLException {
    database.transaction(connection -> update(connection, sql));
  }

  private static boolean update(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.execute(sql);
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static int count(Database database) throws SQLException {
    return database.transaction(DatabaseTest::count);
  }

  private static int count(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
