package io.orderflow.sink.record;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Amounts of money: a decimal of Connect or Debezium, an integer, text, or a floating-point number
 * with no more digits than its type stores exactly (15, or 6 for 32 bits; DBL_DIG and FLT_DIG of
 * C). A number with more digits may have been rounded. Refunds and credit notes are negative.
 */
final class Amount {

  private static final String EXPECTED = "an amount";
  private static final String SENT_AS = "Send it as a decimal or as text, such as 12.50.";
  static final int DIGITS_OF_DOUBLE = 15;
  static final int DIGITS_OF_FLOAT = 6;

  /** On either side of the point. Without a limit, 1E999999999 would fill the memory. */
  private static final int MAX_DIGITS = 30;

  /** More than 60 digits need. Counting the digits of a megabyte would take half a second. */
  static final int MAX_BITS = 256;

  private static final int MAX_TEXT = 2 * MAX_DIGITS + 10;

  private Amount() {}

  static BigDecimal parse(Object found) {
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
    throw new FieldError(EXPECTED, TypeNames.of(content), SENT_AS);
  }

  private static BigDecimal ofBits(int bits, BigDecimal amount) {
    if (bits > MAX_BITS) {
      throw tooLong();
    }
    return plain(amount);
  }

  private static BigDecimal ofText(String text) {
    if (text.length() > MAX_TEXT) {
      throw tooLong();
    }
    try {
      return plain(new BigDecimal(text));
    } catch (NumberFormatException notANumber) {
      throw new FieldError(EXPECTED, "text that is not a number", SENT_AS);
    }
  }

  private static BigDecimal faithful(BigDecimal number, int digits) {
    if (number.stripTrailingZeros().precision() > digits) {
      throw new FieldError(
          EXPECTED, "a floating-point number of more than " + digits + " digits", SENT_AS);
    }
    return plain(number);
  }

  /** Without an exponent. */
  private static BigDecimal plain(BigDecimal amount) {
    int scale = amount.scale();
    if (scale > MAX_DIGITS || (long) amount.precision() - scale > MAX_DIGITS) {
      throw tooLong();
    }
    return scale < 0 ? amount.setScale(0) : amount;
  }

  private static FieldError tooLong() {
    return new FieldError(
        EXPECTED,
        "a number of more than " + MAX_DIGITS + " digits before or after the point",
        SENT_AS);
  }
}
