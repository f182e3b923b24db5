package io.orderflow.sink.record;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Names what was found by its kind, so that no message shows what a customer has ordered. */
final class TypeNames {

  private static final int LONGEST_NAME = 40;

  private TypeNames() {}

  static String kindOf(@Nullable Object content) {
    if (content == null) {
      return "null";
    }
    if (content instanceof Number number) {
      return kindOfNumber(number);
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
    return kindOfContainer(content);
  }

  private static String kindOfNumber(Number number) {
    if (number instanceof Double || number instanceof Float) {
      double value = number.doubleValue();
      if (Double.isNaN(value)) {
        return "NaN";
      }
      return Double.isInfinite(value) ? "an infinite number" : "a floating-point number";
    }
    return number instanceof BigDecimal ? "a decimal" : "a whole number";
  }

  private static String kindOfContainer(Object content) {
    if (content instanceof List) {
      return "an array";
    }
    if (content instanceof Map) {
      return "a map";
    }
    return content instanceof Struct ? "a struct" : content.getClass().getName();
  }

  /** A name from a short list, such as a status, which does not tell anything about a customer. */
  static String name(String name) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(name.length(), LONGEST_NAME); i++) {
      shown.append(Character.isISOControl(name.charAt(i)) ? '?' : name.charAt(i));
    }
    return name.length() > LONGEST_NAME ? shown.append("...").toString() : shown.toString();
  }
}
