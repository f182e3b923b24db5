package io.orderflow.source.value;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads arrays as {@code array_out} writes them: braces around each dimension, quotes around
 * ambiguous elements, and an unquoted NULL. All dimensions become one list.
 */
record ArrayText(TextReader element, char delimiter) implements TextReader {

  @Override
  public List<@Nullable Object> read(String text) {
    List<@Nullable Object> values = new ArrayList<>();
    // Bounds that do not begin with 1 precede the elements: [0:1]={1,2}.
    int at = text.charAt(0) == '[' ? text.indexOf('=') + 1 : 0;
    if (text.charAt(at) != '{' || !text.endsWith("}")) {
      throw new IllegalArgumentException();
    }
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '{' || c == '}' || c == delimiter) {
        at++;
      } else if (c == '"') {
        at = quoted(text, at + 1, values);
      } else {
        at = plain(text, at, values);
      }
    }
    return values;
  }

  /** Adds the element that starts after a quote; returns the index of the rest. */
  private int quoted(String text, int from, List<@Nullable Object> values) {
    StringBuilder value = new StringBuilder();
    int at = from;
    while (text.charAt(at) != '"') {
      if (text.charAt(at) == '\\') {
        at++;
      }
      value.append(text.charAt(at));
      at++;
    }
    values.add(element.read(value.toString()));
    return at + 1;
  }

  private int plain(String text, int from, List<@Nullable Object> values) {
    int at = from;
    while (text.charAt(at) != delimiter && text.charAt(at) != '}') {
      at++;
    }
    String value = text.substring(from, at);
    values.add(value.equals("NULL") ? null : element.read(value));
    return at;
  }
}
