package io.orderflow.source.offset;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a source offset in its map form; numbers may be of any integral type or text, as
 * Connect's REST API passes them. Each method throws IllegalArgumentException, which names the
 * field.
 */
record OffsetFields(Map<String, ?> map) {

  void requireOnly(Set<String> known) {
    for (String key : map.keySet()) {
      if (!known.contains(key)) {
        throw new IllegalArgumentException("expected only the fields " + known + ", found " + key);
      }
    }
  }

  long number(String key) {
    Object value = required(key);
    if (value instanceof Double || value instanceof Float) {
      throw notWhole(key, value);
    }
    try {
      long number = Long.parseLong(value.toString().strip());
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw notWhole(key, value);
    }
    throw notWhole(key, value);
  }

  private static IllegalArgumentException notWhole(String key, Object value) {
    return new IllegalArgumentException(
        key + ": expected a whole number of 0 or more, found " + value);
  }

  long numberOrZero(String key) {
    return map.get(key) == null ? 0 : number(key);
  }

  String text(String key) {
    Object value = required(key);
    if (value instanceof String || value instanceof Long || value instanceof Integer) {
      return value.toString();
    }
    throw new IllegalArgumentException(key + ": expected text, found " + value);
  }

  @Nullable String textOrNull(String key) {
    return map.get(key) == null ? null : text(key);
  }

  private Object required(String key) {
    @Nullable Object value = map.get(key);
    if (value == null) {
      throw new IllegalArgumentException(key + ": expected a value, found none");
    }
    return value;
  }
}
