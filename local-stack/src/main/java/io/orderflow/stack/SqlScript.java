package io.orderflow.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs an SQL file as psql does: one statement after the other, each committed by itself. */
public final class SqlScript {
  /** Comments, strings, quoted names and dollar-quoted bodies may contain semicolons. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<comment>--[^\\n]*|/\\*.*?\\*/)|'[^']*'|\"[^\"]*\""
              + "|(?<tag>\\$\\w*\\$).*?\\k<tag>|(?<end>;)|.",
          Pattern.DOTALL);

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
      for (String sql : statements(Files.readString(file))) {
        execute(statement, sql, file);
      }
    } catch (IOException | SQLException e) {
      throw new StackException("Could not run " + file, e);
    }
  }

  /** The statements without comments and without the semicolons between them. */
  static List<String> statements(String script) {
    List<String> statements = new ArrayList<>();
    var statement = new StringBuilder();
    Matcher token = TOKEN.matcher(script + ';');
    while (token.find()) {
      if (token.group("end") == null) {
        statement.append(token.group("comment") == null ? token.group() : " ");
      } else if (!statement.toString().isBlank()) {
        statements.add(statement.toString().strip());
        statement.setLength(0);
      }
    }
    return statements;
  }

  private static void execute(Statement statement, String sql, Path file) {
    try {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new StackException("Could not run " + file + ", at: " + sql, e);
    }
  }
}
