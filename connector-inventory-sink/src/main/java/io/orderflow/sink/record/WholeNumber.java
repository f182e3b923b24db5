package io.orderflow.sink.record;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Versions, quantities and numeric order IDs: any integer type, a decimal without fraction, or text
 * of digits. Not floating point, since a version beyond 2^53 would silently become another one.
 */
final class WholeNumber {

  private static final String SENT_AS =
      "Send it as an integer, as a decimal without fraction or as text of digits.";

  private static final String NOT_WHOLE = "text that is no whole number of 64 bits";

  /** The JDK's parser would copy a megabyte of digits into its refusal. */
  private static final int LONGEST_TEXT = 100;

  private WholeNumber() {}

  static boolean isInteger(Object content) {
    return content instanceof Long
        || content instanceof Integer
        || content instanceof Short
        || content instanceof Byte
        || content instanceof BigInteger;
  }

  /**
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
    throw new FieldError(expected, TypeNames.kindOf(content), SENT_AS);
  }

  private static long ofText(String text, String expected) {
    if (text.length() > LONGEST_TEXT) {
      throw new FieldError(expected, NOT_WHOLE, SENT_AS);
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notDigits) {
      throw new FieldError(expected, NOT_WHOLE, SENT_AS);
    }
  }

  private static long ofDecimal(BigDecimal number, String expected) {
    if (number.unscaledValue().bitLength() <= Amount.MOST_BITS) {
      try {
        return number.longValueExact();
      } catch (ArithmeticException fractionOrTooLarge) {
        // As if it had more bits.
      }
    }
    throw new FieldError(expected, "a decimal that has a fraction or is beyond 64 bits", SENT_AS);
  }
}
