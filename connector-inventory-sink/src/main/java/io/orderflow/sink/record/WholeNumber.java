package io.orderflow.sink.record;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Converts versions, quantities and numeric order IDs: any integer type, a decimal without
 * fraction, or text of digits. Floating-point numbers are rejected, since a version above 2^53
 * would silently change.
 */
final class WholeNumber {

  private static final String SENT_AS =
      "Send it as an integer, as a decimal without fraction or as text of digits.";

  private static final String NOT_WHOLE = "text that is not a whole number of 64 bits";

  /** The message of the JDK's parser would contain a megabyte of digits. */
  private static final int MAX_TEXT = 100;

  private WholeNumber() {}

  static boolean isInteger(Object content) {
    return content instanceof Long
        || content instanceof Integer
        || content instanceof Short
        || content instanceof Byte
        || content instanceof BigInteger;
  }

  /**
   * Converts a number.
   *
   * @param expected names the number in the message
   */
  static long of(@Nullable Object content, String expected) {
    if (content instanceof Long number) {
      return number;
    }
    if (content instanceof Integer number) {
      return number;
    }
    if (content instanceof String text) {
      return ofText(text, expected);
    }
    if (content instanceof BigDecimal number) {
      return ofDecimal(number, expected);
    }
    if (content instanceof BigInteger number) {
      return ofDecimal(new BigDecimal(number), expected);
    }
    if (content instanceof Short || content instanceof Byte) {
      return ((Number) content).longValue();
    }
    throw new FieldError(expected, TypeNames.of(content), SENT_AS);
  }

  private static long ofText(String text, String expected) {
    if (text.length() > MAX_TEXT) {
      throw new FieldError(expected, NOT_WHOLE, SENT_AS);
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notDigits) {
      throw new FieldError(expected, NOT_WHOLE, SENT_AS);
    }
  }

  private static long ofDecimal(BigDecimal number, String expected) {
    if (number.unscaledValue().bitLength() <= Amount.MAX_BITS) {
      try {
        return number.longValueExact();
      } catch (ArithmeticException fractionOrTooLarge) {
        // Reported below, like a number with more bits.
      }
    }
    throw new FieldError(expected, "a decimal with a fraction, or beyond 64 bits", SENT_AS);
  }
}
