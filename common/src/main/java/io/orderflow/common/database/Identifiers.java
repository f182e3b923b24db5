package io.orderflow.common.database;

/** Quotes names and texts for SQL (PostgreSQL manual, 4.1.1 and 4.1.2.1). */
public final class Identifiers {

  private Identifiers() {}

  /** The name as a quoted identifier. */
  public static String quote(String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "An SQL name must not be empty or contain the character NUL");
    }
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** The text as a string literal, whatever {@code standard_conforming_strings} is. */
  public static String literal(String text) {
    String quoted = "'" + text.replace("'", "''") + "'";
    return text.indexOf('\\') < 0 ? quoted : "E" + quoted.replace("\\", "\\\\");
  }
}
