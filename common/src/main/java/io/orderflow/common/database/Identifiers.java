package io.orderflow.common.database;

/** Quoting of names, as the PostgreSQL manual has it (4.1.1, Identifiers and Key Words). */
public final class Identifiers {

  private Identifiers() {}

  /** The name as a quoted identifier, safe to stand in SQL. */
  public static String quote(String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("An SQL name must not be empty or contain NUL");
    }
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** The text as a string literal, safe to stand in SQL. */
  public static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
