package io.orderflow.stack;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL server, wherever it runs. */
public interface PostgresServer {
  /** A JDBC address without user and password. */
  String jdbcUrl(String database);

  String user();

  String password();

  /** A connection in auto-commit mode; the caller closes it. */
  default Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(jdbcUrl(database), user(), password());
  }

  /**
   * Creates the database unless the server has it; one that is already there keeps what it holds.
   */
  default void createDatabase(String name) {
    try (Connection connection = connect("postgres")) {
      try (var exists = connection.prepareStatement("SELECT FROM pg_database WHERE datname = ?")) {
        exists.setString(1, name);
        if (exists.executeQuery().next()) {
          return;
        }
      }
      try (Statement create = connection.createStatement()) {
        create.execute("CREATE DATABASE \"" + name.replace("\"", "\"\"") + '"');
      }
    } catch (SQLException e) {
      throw new StackException("Could not create the database " + name, e);
    }
  }
}
