package io.orderflow.source.config;

import org.apache.kafka.common.config.ConfigException;

/**
 * An SQL condition from the configuration. It is checked before any server sees it: text that could
 * reach beyond the parentheses around it is rejected. The server checks everything else.
 *
 * @param relation whose columns it may use, for messages
 */
record ConditionText(String key, String text, String relation) {

  private static final String OUTSIDE = " outside of quotes";

  /**
   * Checks the condition.
   *
   * @throws ConfigException if it could end the statement, or is more than one condition
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
        require(depth >= 0, "a closing parenthesis without an opening one");
      } else {
        requireHarmless(c, i);
      }
    }
    require(depth == 0, "an opening parenthesis without a closing one");
  }

  private void requireHarmless(char c, int at) {
    require(c != ';', "a semicolon" + OUTSIDE);
    require(c != '$', "a dollar sign, as of a parameter or dollar quotes");
    require(c != '?', "a question mark" + OUTSIDE + " (use jsonb_exists(column, 'key') for jsonb)");
    require(c != '\0', "a NUL");
    require(!text.startsWith("--", at) && !text.startsWith("/*", at), "a comment");
  }

  private int endOfQuotes(int start, char quote) {
    boolean escapes = quote == '\'' && isEscapePrefix(start);
    require(!escapes, "a string with escapes (E'...'; write it as '...')");
    int end = text.indexOf(quote, start + 1);
    require(end >= 0, "an unterminated quote");
    return end;
  }

  /** E'...' and U&'...', in which a backslash can hide a quote. */
  private boolean isEscapePrefix(int quote) {
    char before = quote == 0 ? ' ' : text.charAt(quote - 1);
    char earlier = quote < 2 ? ' ' : text.charAt(quote - 2);
    boolean ofAName = Character.isLetterOrDigit(earlier) || earlier == '_';
    return before == '&' || ((before == 'e' || before == 'E') && !ofAName);
  }

  private void require(boolean held, String found) {
    if (!held) {
      throw new ConfigException(
          "%s: the condition has %s; write one SQL condition over columns of %s"
              .formatted(key, found, relation));
    }
  }
}
