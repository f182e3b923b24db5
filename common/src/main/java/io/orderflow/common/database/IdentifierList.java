package io.orderflow.common.database;

import java.util.ArrayList;
import java.util.List;

/** Parses lists of names, such as the value of {@code search_path}, as PostgreSQL does. */
final class IdentifierList {

  private final String text;
  private final List<String> names = new ArrayList<>();
  private int at;

  private IdentifierList(String text) {
    this.text = text;
  }

  /**
   * Parses names that commas separate. A name is in double quotes, which are doubled within it, or
   * its capitals are folded. White space around it is ignored. PostgreSQL: {@code
   * SplitIdentifierString} in varlena.c.
   *
   * @return the names as they are; empty for a blank text
   * @throws IllegalArgumentException if PostgreSQL would refuse the list
   */
  static List<String> parse(String text) {
    return new IdentifierList(text).parsed();
  }

  private List<String> parsed() {
    skipSpace();
    while (at < text.length() || !names.isEmpty()) {
      names.add(is('"') ? quoted() : unquoted());
      skipSpace();
      if (at == text.length()) {
        return names;
      }
      if (!is(',')) {
        throw invalid();
      }
      at++;
      skipSpace();
    }
    return names;
  }

  private String quoted() {
    StringBuilder name = new StringBuilder();
    while (true) {
      int quote = text.indexOf('"', at + 1);
      if (quote < 0) {
        throw invalid();
      }
      name.append(text, at + 1, quote);
      at = quote + 1;
      if (!is('"')) {
        return name.toString();
      }
      name.append('"');
    }
  }

  private String unquoted() {
    int start = at;
    while (at < text.length() && !is(',') && !isSpace(text.charAt(at))) {
      at++;
    }
    if (at == start) {
      throw invalid();
    }
    return folded(text.substring(start, at));
  }

  /** Only letters of ASCII are folded, as in databases whose encoding is UTF-8. */
  private static String folded(String name) {
    StringBuilder folded = new StringBuilder(name);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        folded.setCharAt(i, (char) (c + 'a' - 'A'));
      }
    }
    return folded.toString();
  }

  private void skipSpace() {
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
  }

  private boolean is(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  private static IllegalArgumentException invalid() {
    return new IllegalArgumentException(
        "a list of names is not valid: separate names by commas, and close each double quote");
  }
}
