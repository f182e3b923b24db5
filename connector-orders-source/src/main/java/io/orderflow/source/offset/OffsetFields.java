package io.orderflow.source.offset;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a source offset in its map form; numbers may be of any integral type or text, as
 * REST hands them over. Each method throws IllegalArgumentException, which names the field.
 */
record OffsetFields(Map<String, ?> map) {

  void requireOnly(Set<String> keys) {
    for (String key : map.keySet()) {
      if (!keys.contains(key)) {
        throw new IllegalArgumentException("expected only the fields " + keys + ", found " + key);
      }
    }
  }

  boolean has(String key) {
    return map.get(key) != null;
  }

  /** A whole number of 0 or more. */
  long number(String key) {
    Object value = present(key);
    try {
      long number =
          value instanceof Double || value instanceof Float
              ? Long.parseLong("a fraction")
              : Long.parseLong(value.toString().strip());
      if (number < 0) {
        throw new NumberFormatException("negative");
      }
      return number;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          key + ": expected a whole number of 0 or more, found " + value, e);
    }
  }

  String text(String key) {
    Object value = present(key);
    if (value instanceof String || value instanceof Long || value instanceof Integer) {
      return value.toString();
    }
    throw new IllegalArgumentException(key + ": expected text, found " + value);
  }

  private Object present(String key) {
    @Nullable Object value = map.get(key);
    if (value == null) {
      throw new IllegalArgumentException(key + ": expected a value, found none");
    }
    return value;
  }
}
