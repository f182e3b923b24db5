package io.orderflow.sink.record;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's decimals of columns without a scale ({@code io.debezium.data.VariableScaleDecimal}): a
 * struct of the scale and the unscaled value as big-endian bytes. JSON without schemas has the
 * bytes as base64 text.
 */
final class VariableScaleDecimal {

  private static final String SCALE = "scale";
  private static final String VALUE = "value";

  private VariableScaleDecimal() {}

  /** The number, if the content is such a decimal; otherwise the content itself. */
  static Object unwrap(Object content) {
    if (content instanceof Struct struct) {
      return struct.schema().fields().size() == 2
              && struct.schema().field(SCALE) != null
              && struct.schema().field(VALUE) != null
          ? orElse(content, struct.getWithoutDefault(SCALE), bytes(struct.getWithoutDefault(VALUE)))
          : content;
    }
    return content instanceof Map<?, ?> map && map.size() == 2
        ? orElse(content, map.get(SCALE), bytes(map.get(VALUE)))
        : content;
  }

  private static Object orElse(Object content, @Nullable Object scale, byte @Nullable [] unscaled) {
    if (scale == null
        || unscaled == null
        || unscaled.length == 0
        || !WholeNumber.isInteger(scale)) {
      return content;
    }
    long digits = ((Number) scale).longValue();
    return digits == (int) digits
        ? new BigDecimal(new BigInteger(unscaled), (int) digits)
        : content;
  }

  private static byte @Nullable [] bytes(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    if (value instanceof String base64) {
      try {
        return Base64.getDecoder().decode(base64);
      } catch (IllegalArgumentException other) {
        return null;
      }
    }
    return null;
  }
}
