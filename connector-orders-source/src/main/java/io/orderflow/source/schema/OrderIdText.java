package io.orderflow.source.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * The text of an order ID. An ID of one column is the column's text. One of several columns is the
 * texts of its columns with colons between them, and a backslash before each colon or backslash
 * that belongs to a column: {@code 1:7:3001}. So different IDs have different texts.
 */
public final class OrderIdText {

  private static final char SEPARATOR = ':';
  private static final char ESCAPE = '\\';

  private OrderIdText() {}

  /** The text of an ID, of the texts of its columns. */
  public static String join(List<String> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) {
        text.append(SEPARATOR);
      }
      append(text, parts.get(i));
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String part) {
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c == SEPARATOR || c == ESCAPE) {
        text.append(ESCAPE);
      }
      text.append(c);
    }
  }

  /**
   * The texts of the columns of an ID.
   *
   * @throws IllegalArgumentException if it is not the text of an ID of {@code count} columns
   */
  public static List<String> split(String text, int count) {
    if (count == 1) {
      return List.of(text);
    }
    List<String> parts = new ArrayList<>(count);
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == SEPARATOR) {
        parts.add(part.toString());
        part.setLength(0);
      } else if (c == ESCAPE && i + 1 < text.length()) {
        part.append(text.charAt(++i));
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    if (parts.size() != count) {
      throw new IllegalArgumentException(
          "an order ID of %d columns has %d parts; write it like 1:7:3001, with a backslash before each colon or backslash of a column"
              .formatted(count, parts.size()));
    }
    return parts;
  }
}
