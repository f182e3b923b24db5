package io.orderflow.source.record;

import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.schema.HashKey;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Hashes values of events with a key. Values of the same text form have the same hash, of 64
 * hexadecimal digits. For one thread.
 */
final class HashedValues {

  private final Mac mac;

  HashedValues(HashKey key) {
    mac = key.mac();
  }

  /** The hash of a value as an {@link OrderEvent} has it; null stays null. */
  @Nullable String of(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    byte[] bytes =
        value instanceof byte[] binary ? binary : text(value).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(mac.doFinal(bytes));
  }

  /**
   * The text form: numbers without an exponent, dates as ISO 8601 in UTC, lists as {@code [a, b]}.
   */
  @SuppressWarnings("JavaUtilDate")
  private static String text(@Nullable Object value) {
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof Date date) {
      return date.toInstant().toString();
    }
    if (value instanceof byte[] binary) {
      return HexFormat.of().formatHex(binary);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(HashedValues::text).toList().toString();
    }
    return String.valueOf(value);
  }
}
