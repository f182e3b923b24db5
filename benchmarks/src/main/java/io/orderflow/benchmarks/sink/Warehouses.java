package io.orderflow.benchmarks.sink;

import io.orderflow.benchmarks.Sql;
import io.orderflow.stack.PostgresServer;
import io.orderflow.stack.SqlScript;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** A database for each run, made and dropped so that no run pays for another. */
record Warehouses(PostgresServer server, Path root) {

  /** Creates it with the shipped tables; what was dirty before is on disk afterwards. */
  void create(Run run) throws SQLException {
    server.createDatabase(run.database());
    try (Connection warehouse = server.connect(run.database())) {
      SqlScript.run(warehouse, root.resolve("config-examples/sql/warehouse-install.sql"));
      run.workload().prepare(warehouse);
      Sql.execute(warehouse, "CHECKPOINT");
    }
  }

  void check(Run run) throws SQLException {
    try (Connection warehouse = server.connect(run.database())) {
      run.workload().check(warehouse);
    }
  }

  void drop(Run run) throws SQLException {
    try (Connection connection = server.connect("postgres")) {
      Sql.execute(connection, "DROP DATABASE IF EXISTS " + run.database() + " WITH (FORCE)");
    }
  }

  String version() throws SQLException {
    try (Connection connection = server.connect("postgres")) {
      return Sql.first(connection, "SHOW server_version").text(0);
    }
  }
}
