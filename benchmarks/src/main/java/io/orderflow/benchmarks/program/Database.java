package io.orderflow.benchmarks.program;

import io.orderflow.stack.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** The address of a database, as a program gets it. */
public record Database(String url, String user, String password) {

  public static Database of(PostgresServer server, String name) {
    return new Database(server.jdbcUrl(name), server.user(), server.password());
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url, user, password);
  }
}
