package io.orderflow.benchmarks;

import io.orderflow.stack.PostgresServer;
import io.orderflow.stack.SqlScript;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** The databases of a run. Each run has new ones, so that no run pays for another. */
public record Databases(PostgresServer server) {

  private static final String ACTIVE_SLOTS =
      "SELECT count(*) FROM pg_replication_slots WHERE database = current_database() AND active";

  private static final String DROP_SLOTS =
      """
      SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots
      WHERE database = current_database()
      """;

  public Connection connect(String database) throws SQLException {
    return server.connect(database);
  }

  /** Creates a database with the tables of a shipped SQL file. */
  public void create(String database, String file) throws SQLException {
    server.createDatabase(database);
    run(database, file);
  }

  /** Runs a shipped SQL file. */
  public void run(String database, String file) throws SQLException {
    try (Connection connection = connect(database)) {
      SqlScript.run(connection, Benchmarks.root().resolve("config-examples/sql").resolve(file));
    }
  }

  /** Returns once no connection reads a slot of the database. */
  public void awaitIdleSlots(String database) throws Exception {
    try (Connection connection = connect(database)) {
      Waiting.until(
          "Release of the slots",
          Duration.ofMillis(100),
          () -> Sql.number(connection, ACTIVE_SLOTS) == 0);
    }
  }

  /** Drops slots and publications, so that no slot retains WAL during the next run. */
  public void dropSlots(String database, String publication) throws Exception {
    awaitIdleSlots(database);
    try (Connection connection = connect(database)) {
      Sql.execute(connection, DROP_SLOTS, "DROP PUBLICATION IF EXISTS " + publication);
    }
  }

  public String version() throws SQLException {
    try (Connection connection = connect("postgres")) {
      return Sql.row(connection, "SHOW server_version");
    }
  }

  public void drop(String database) throws SQLException {
    try (Connection connection = connect("postgres")) {
      Sql.execute(connection, "DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
    }
  }
}
