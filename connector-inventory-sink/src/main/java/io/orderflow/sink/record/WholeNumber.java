package io.orderflow.sink.record;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Converts versions and numeric order IDs: any integer type, or a number without fraction as a
 * decimal, as text, or as a floating-point number with no more digits than its type stores exactly.
 * A number with more digits, such as a version above 2^53, may have been rounded.
 */
final class WholeNumber {

  private static final String SENT_AS =
      "Send it as an integer, as a decimal without fraction or as text of digits.";

  private static final String NOT_WHOLE = "text that is not a whole number of 64 bits";

  private static final double MAX_DOUBLE = Math.pow(10, DecimalNumber.DIGITS_OF_DOUBLE);
  private static final double MAX_FLOAT = Math.pow(10, DecimalNumber.DIGITS_OF_FLOAT);

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
  static long of(@Nullable Object found, String expected) {
    if (found instanceof Long number) {
      return number;
    }
    Object content = found == null ? null : VariableScaleDecimal.unwrap(found);
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
    if (content instanceof Double number) {
      return ofFloat(number, MAX_DOUBLE, expected);
    }
    if (content instanceof Float number) {
      return ofFloat(number, MAX_FLOAT, expected);
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
      return ofDecimalText(text, expected);
    }
  }

  /** Text with a point or an exponent, as PostgreSQL writes a numeric: 3.00 is 3. */
  private static long ofDecimalText(String text, String expected) {
    try {
      return new BigDecimal(text).longValueExact();
    } catch (ArithmeticException | NumberFormatException notWhole) {
      throw new FieldError(expected, NOT_WHOLE, SENT_AS);
    }
  }

  private static long ofFloat(double number, double limit, String expected) {
    if (!Double.isFinite(number)) {
      throw new FieldError(expected, TypeNames.of(number), SENT_AS);
    }
    if (number != Math.rint(number)) {
      throw new FieldError(expected, "a floating-point number with a fraction", SENT_AS);
    }
    if (Math.abs(number) >= limit) {
      throw new FieldError(
          expected, "a floating-point number of so many digits that some may be lost", SENT_AS);
    }
    return (long) number;
  }

  private static long ofDecimal(BigDecimal number, String expected) {
    if (number.unscaledValue().bitLength() <= DecimalNumber.MAX_BITS) {
      try {
        return number.longValueExact();
      } catch (ArithmeticException fractionOrTooLarge) {
        // Reported below, like a number with more bits.
      }
    }
    throw new FieldError(expected, "a decimal with a fraction, or beyond 64 bits", SENT_AS);
  }
}
