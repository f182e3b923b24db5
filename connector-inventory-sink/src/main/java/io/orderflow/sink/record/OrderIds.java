package io.orderflow.sink.record;

import io.orderflow.common.database.OrderIdType;
import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Converts order IDs, as converters deliver them, to the type of the column. */
final class OrderIds {

  private static final int UUID_LENGTH = 36;

  private OrderIds() {}

  /**
   * Converts an order ID.
   *
   * @return a Long for BIGINT and INTEGER, a UUID or a String
   */
  static Object of(Object content, OrderIdType type) {
    return switch (type) {
      case BIGINT -> WholeNumber.of(content, "an order ID of type bigint");
      case INTEGER -> ofInteger(content);
      case UUID -> ofUuid(content);
      case TEXT -> TextFields.identifier(content, "an order ID of type text");
    };
  }

  /** The type that fits an order ID. */
  static OrderIdType typeOf(Object found) {
    Object content = VariableScaleDecimal.unwrap(found);
    if (WholeNumber.isInteger(content) || content instanceof BigDecimal) {
      return OrderIdType.BIGINT;
    }
    if (content instanceof Number) {
      // Throws if the number has a fraction.
      WholeNumber.of(content, "an order ID");
      return OrderIdType.BIGINT;
    }
    String text = TextFields.notEmpty(content, "an order ID");
    return parsed(text) != null ? OrderIdType.UUID : OrderIdType.TEXT;
  }

  private static Long ofInteger(Object content) {
    String expected = "an order ID of type integer";
    long id = WholeNumber.of(content, expected);
    if (id != (int) id) {
      throw new FieldError(
          expected,
          "a number beyond 32 bits",
          "Change order_id to bigint, see docs/operations/order-id-type.md.");
    }
    return id;
  }

  private static UUID ofUuid(Object content) {
    UUID id = content instanceof String text ? parsed(text) : null;
    if (id == null) {
      throw new FieldError(
          "an order ID of type uuid",
          content instanceof String ? "text that is not a UUID" : TypeNames.of(content),
          "Send 36 characters such as 00000000-0000-0000-0000-000000000000.");
    }
    return id;
  }

  private static @Nullable UUID parsed(String text) {
    if (text.length() != UUID_LENGTH) {
      return null;
    }
    try {
      // fromString also accepts dashes in other places.
      UUID parsed = UUID.fromString(text);
      return parsed.toString().equalsIgnoreCase(text) ? parsed : null;
    } catch (IllegalArgumentException notHexadecimal) {
      return null;
    }
  }
}
