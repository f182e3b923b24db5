package io.orderflow.sink.record;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Sums of money: a decimal, an integer, text, or a floating-point number with no more digits than
 * its type holds faithfully (15, or 6 for 32 bits; DBL_DIG and FLT_DIG of C). One with more may be
 * a sum that was rounded on its way. A sum may be below 0: refunds and credit notes are.
 */
final class Amount {

  private static final String EXPECTED = "an amount";
  private static final String SENT_AS = "Send it as a decimal or as text, such as 12.50.";
  private static final int DIGITS_OF_DOUBLE = 15;
  private static final int DIGITS_OF_FLOAT = 6;

  /** On either side of the point; more is no money, and 1E999999999 would fill the memory. */
  private static final int MOST_DIGITS = 30;

  /** More than 60 digits have; to count those of a megabyte of bytes takes half a second. */
  static final int MOST_BITS = 256;

  private static final int LONGEST_TEXT = 2 * MOST_DIGITS + 10;

  private Amount() {}

  static BigDecimal of(Object content) {
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
    throw new FieldError(EXPECTED, TypeNames.kindOf(content), SENT_AS);
  }

  private static BigDecimal ofBits(int bits, BigDecimal amount) {
    if (bits > MOST_BITS) {
      throw tooLong();
    }
    return plain(amount);
  }

  private static BigDecimal ofText(String text) {
    if (text.length() > LONGEST_TEXT) {
      throw tooLong();
    }
    try {
      return plain(new BigDecimal(text));
    } catch (NumberFormatException notANumber) {
      throw new FieldError(EXPECTED, "text that is no number", SENT_AS);
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
    if (scale > MOST_DIGITS || (long) amount.precision() - scale > MOST_DIGITS) {
      throw tooLong();
    }
    return scale < 0 ? amount.setScale(0) : amount;
  }

  private static FieldError tooLong() {
    return new FieldError(
        EXPECTED,
        "a number of more than " + MOST_DIGITS + " digits before or after the point",
        SENT_AS);
  }
}
