package io.orderflow.source.config;

import org.apache.kafka.common.config.ConfigException;

/**
 * A condition that a person wrote, before any server sees it: what could reach beyond the
 * parentheses around it is refused. Everything else is the server's to judge.
 */
record ConditionText(String key, String text) {

  private static final String OUTSIDE = " outside of quotes";

  /**
   * Checks it.
   *
   * @throws ConfigException when it could end the statement, or be more than one condition
   */
  void check() {
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'' || c == '"') {
        i = endOfQuotes(i, c);
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
        require(depth >= 0, "a parenthesis that is closed and not opened");
      } else {
        requireHarmless(c, i);
      }
    }
    require(depth == 0, "a parenthesis that is not closed");
  }

  private void requireHarmless(char c, int at) {
    require(c != ';', "a semicolon" + OUTSIDE);
    require(c != '$', "a dollar sign, of a parameter or of dollar quotes");
    require(c != '?', "a question mark" + OUTSIDE + "; for jsonb use jsonb_exists(column, 'key')");
    require(c != '\0', "a NUL");
    require(!text.startsWith("--", at) && !text.startsWith("/*", at), "a comment");
  }

  private int endOfQuotes(int start, char quote) {
    boolean escapes = quote == '\'' && isEscapePrefix(start);
    require(!escapes, "a string with escapes (E'...'); write it as '...'");
    int end = text.indexOf(quote, start + 1);
    require(end >= 0, "a quote that is not closed");
    return end;
  }

  /** E'...' and U&'...', where a backslash or more could hide a quote. */
  private boolean isEscapePrefix(int quote) {
    char before = quote == 0 ? ' ' : text.charAt(quote - 1);
    char earlier = quote < 2 ? ' ' : text.charAt(quote - 2);
    boolean ofAName = Character.isLetterOrDigit(earlier) || earlier == '_';
    return before == '&' || ((before == 'e' || before == 'E') && !ofAName);
  }

  private void require(boolean held, String found) {
    if (!held) {
      throw new ConfigException(
          key + ": expected one SQL condition over columns of the orders table, found " + found);
    }
  }
}
