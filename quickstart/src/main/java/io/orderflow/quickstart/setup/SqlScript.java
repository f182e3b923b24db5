package io.orderflow.quickstart.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of SQL, run as psql would: one statement after the other, each in a transaction of its own
 * unless the file begins one, since statements like {@code CREATE INDEX CONCURRENTLY} refuse to run
 * in one.
 */
public record SqlScript(String name, List<String> statements) {

  /** What a semicolon does not end: comments, strings, quoted names and dollar-quoted bodies. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "--[^\\n]*"
              + "|/\\*.*?\\*/"
              + "|[eE]'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'"
              + "|'[^']*'"
              + "|\"[^\"]*\""
              + "|(\\$[A-Za-z_0-9]*\\$).*?\\1"
              + "|;"
              + "|.",
          Pattern.DOTALL);

  public SqlScript {
    statements = List.copyOf(statements);
  }

  /** Reads a file. */
  public static SqlScript of(Path file) {
    try {
      return new SqlScript(file.getFileName().toString(), split(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read " + file, e);
    }
  }

  /**
   * Runs all statements.
   *
   * @param connection in auto-commit mode
   * @throws SQLException for the first statement that fails, with its beginning in the message
   */
  public void runOn(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        try {
          statement.execute(sql);
        } catch (SQLException e) {
          String beginning = sql.lines().findFirst().orElse("");
          throw new SQLException(
              name + ", at \"" + beginning + "\": " + e.getMessage(), e.getSQLState(), e);
        }
      }
    }
  }

  static List<String> split(String text) {
    List<String> statements = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    Matcher tokens = TOKEN.matcher(text);
    while (tokens.find()) {
      String token = tokens.group();
      if (token.equals(";")) {
        add(statements, statement);
      } else if (!token.startsWith("--") && !token.startsWith("/*")) {
        statement.append(token);
      }
    }
    add(statements, statement);
    return statements;
  }

  private static void add(List<String> statements, StringBuilder statement) {
    String sql = statement.toString().strip();
    if (!sql.isEmpty()) {
      statements.add(sql);
    }
    statement.setLength(0);
  }
}
