package io.orderflow.source.record;

import java.math.BigDecimal;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** The sizes of values in JSON, in bytes of UTF-8, as Connect's JsonConverter writes them. */
@SuppressWarnings("JavaUtilDate") // Connect's logical types require it.
final class JsonText {

  private static final int MAX_NUMBER = 25;

  /** A backslash, the letter u and four digits. */
  private static final int ESCAPED = 6;

  private JsonText() {}

  /** The size of a text with its quotes and escapes. */
  static long size(String text) {
    long size = 2;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        size += 2;
      } else if (c < ' ') {
        size += c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f' ? 2 : ESCAPED;
      } else if (Character.isSurrogate(c)) {
        // Jackson escapes both halves of a character beyond 16 bits.
        size += ESCAPED;
      } else {
        size += utf8(c);
      }
    }
    return size;
  }

  /** The size of a text without quotes and escapes. */
  static long utf8(String text) {
    long size = 0;
    for (int i = 0; i < text.length(); i++) {
      size += utf8(text.charAt(i));
    }
    return size;
  }

  /** A character beyond 16 bits is two of Java's, and four bytes. */
  private static int utf8(char c) {
    if (c < 0x80) {
      return 1;
    }
    return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }

  /** The size of a value that is neither a struct nor a list. */
  static long sizeOfScalar(@Nullable Object value) {
    if (value instanceof String text) {
      return size(text);
    }
    if (value instanceof byte[] bytes) {
      return base64(bytes.length);
    }
    if (value instanceof BigDecimal number) {
      // decimal.format=BASE64 or NUMERIC.
      return Math.max(
          base64(number.unscaledValue().bitLength() / 8 + 1), number.toString().length());
    }
    if (value instanceof Date time) {
      return Long.toString(time.getTime()).length();
    }
    if (value instanceof Float || value instanceof Double) {
      return MAX_NUMBER;
    }
    // Whole numbers, true, false and null.
    return String.valueOf(value).length();
  }

  private static long base64(int bytes) {
    return 2 + 4L * ((bytes + 2) / 3);
  }
}
