package io.orderflow.common.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orderflow.common.failure.FailureClass;
import io.orderflow.common.failure.SqlFailures;
import io.orderflow.common.fixture.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
