package io.orderflow.source.value;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** The two forms in which PostgreSQL writes bytes: {@code bytea_output}. */
final class ByteText {

  private ByteText() {}

  static byte[] bytes(String text) {
    return text.startsWith("\\x") ? HexFormat.of().parseHex(text, 2, text.length()) : escaped(text);
  }

  /**
   * A backslash is doubled; other bytes outside printable ASCII are a backslash and three octals.
   */
  private static byte[] escaped(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        bytes.write(c);
      } else if (text.charAt(i + 1) == '\\') {
        bytes.write(c);
        i++;
      } else {
        bytes.write(Integer.parseInt(text, i + 1, i + 4, 8));
        i += 3;
      }
    }
    return bytes.toByteArray();
  }
}
