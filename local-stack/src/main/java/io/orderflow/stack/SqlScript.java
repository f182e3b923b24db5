package io.orderflow.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;

/** Runs an SQL file as psql does: one statement after the other, each committed by itself. */
public final class SqlScript {
  private SqlScript() {}

  /**
   * Runs the file's statements.
   *
   * @param connection in auto-commit mode, since a script may build indexes concurrently
   * @throws StackException naming the file and the statement that failed
   */
  public static void run(Connection connection, Path file) {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      for (NativeQuery query :
          Parser.parseJdbcSql(Files.readString(file), true, false, true, false, false)) {
        execute(statement, query.nativeSql, file);
      }
    } catch (IOException | SQLException e) {
      throw new StackException("Could not run " + file, e);
    }
  }

  private static void execute(Statement statement, String sql, Path file) {
    try {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new StackException("Could not run " + file + ", at: " + sql, e);
    }
  }
}
