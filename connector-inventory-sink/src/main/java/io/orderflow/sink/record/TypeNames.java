package io.orderflow.sink.record;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Names the type of a value for messages, which must not contain the value itself. */
final class TypeNames {

  private static final int MAX_NAME = 40;

  private TypeNames() {}

  static String of(@Nullable Object content) {
    if (content == null) {
      return "null";
    }
    if (content instanceof Number number) {
      return ofNumber(number);
    }
    if (content instanceof String) {
      return "text";
    }
    if (content instanceof Boolean) {
      return "a boolean";
    }
    if (content instanceof byte[] || content instanceof ByteBuffer) {
      return "bytes";
    }
    if (content instanceof Date) {
      return "a date or time";
    }
    return ofContainer(content);
  }

  private static String ofNumber(Number number) {
    if (number instanceof Double || number instanceof Float) {
      double value = number.doubleValue();
      if (Double.isNaN(value)) {
        return "NaN";
      }
      return Double.isInfinite(value) ? "an infinite number" : "a floating-point number";
    }
    return number instanceof BigDecimal ? "a decimal" : "a whole number";
  }

  private static String ofContainer(Object content) {
    if (content instanceof List) {
      return "an array";
    }
    if (content instanceof Map) {
      return "a map";
    }
    return content instanceof Struct ? "a struct" : content.getClass().getName();
  }

  /**
   * A name from a short list, such as a status, which is not sensitive, shortened and printable.
   */
  static String printable(String name) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(name.length(), MAX_NAME); i++) {
      shown.append(Character.isISOControl(name.charAt(i)) ? '?' : name.charAt(i));
    }
    return name.length() > MAX_NAME ? shown.append("...").toString() : shown.toString();
  }
}
