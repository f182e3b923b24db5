package io.orderflow.sink.record;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Converts amounts and quantities: a decimal of Connect or Debezium, an integer, text, or a
 * floating-point number with no more digits than its type stores exactly (15, or 6 for 32 bits;
 * DBL_DIG and FLT_DIG of C). A number with more digits may have been rounded.
 *
 * @param expected names the number in messages
 * @param sentAs says in messages how to send it
 */
record DecimalNumber(String expected, String sentAs) {

  static final int DIGITS_OF_DOUBLE = 15;
  static final int DIGITS_OF_FLOAT = 6;

  /** On either side of the point. Without a limit, 1E999999999 would fill the memory. */
  private static final int MAX_DIGITS = 30;

  /** More than 60 digits need. Counting the digits of a megabyte would take half a second. */
  static final int MAX_BITS = 256;

  private static final int MAX_TEXT = 2 * MAX_DIGITS + 10;

  /** Converts a number; the result has no exponent, so that its scale is not negative. */
  BigDecimal of(Object found) {
    Object content = VariableScaleDecimal.unwrap(found);
    if (content instanceof BigDecimal amount) {
      return ofBits(amount.unscaledValue().bitLength(), amount);
    }
    if (content instanceof String text) {
      return ofText(text);
    }
    if (content instanceof Double number && Double.isFinite(number)) {
      return faithful(BigDecimal.valueOf(number), DIGITS_OF_DOUBLE);
    }
    if (content instanceof Float number && Float.isFinite(number)) {
      return faithful(new BigDecimal(number.toString()), DIGITS_OF_FLOAT);
    }
    if (content instanceof BigInteger number) {
      return ofBits(number.bitLength(), new BigDecimal(number));
    }
    if (WholeNumber.isInteger(content)) {
      return BigDecimal.valueOf(((Number) content).longValue());
    }
    throw new FieldError(expected, TypeNames.of(content), sentAs);
  }

  private BigDecimal ofBits(int bits, BigDecimal amount) {
    if (bits > MAX_BITS) {
      throw tooLong();
    }
    return plain(amount);
  }

  private BigDecimal ofText(String text) {
    if (text.length() > MAX_TEXT) {
      throw tooLong();
    }
    try {
      return plain(new BigDecimal(text));
    } catch (NumberFormatException notANumber) {
      throw new FieldError(expected, "text that is not a number", sentAs);
    }
  }

  private BigDecimal faithful(BigDecimal number, int digits) {
    if (number.stripTrailingZeros().precision() > digits) {
      throw new FieldError(
          expected, "a floating-point number of more than " + digits + " digits", sentAs);
    }
    return plain(number);
  }

  /** Without an exponent. */
  private BigDecimal plain(BigDecimal found) {
    // A column of numeric(38,35) has a whole number with 35 zeros.
    BigDecimal amount = found.scale() > MAX_DIGITS ? found.stripTrailingZeros() : found;
    int scale = amount.scale();
    if (scale > MAX_DIGITS || (long) amount.precision() - scale > MAX_DIGITS) {
      throw tooLong();
    }
    return scale < 0 ? amount.setScale(0) : amount;
  }

  private FieldError tooLong() {
    return new FieldError(
        expected,
        "a number of more than " + MAX_DIGITS + " digits before or after the point",
        sentAs);
  }
}
