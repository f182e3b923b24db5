package io.orderflow.sink.warehouse;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/** A decimal in the form of PostgreSQL's {@code numeric_send} (numeric.c). */
final class NumericDigits {

  /** In the flags of a number. */
  private static final short NEGATIVE = 0x4000;

  private static final int BASE = 10_000;
  private static final int BASE_DIGITS = 4;

  /** The most digits that fit a long with three zeros appended. */
  private static final int MAX_LONG_PRECISION = 15;

  private static final long[] POWERS_OF_TEN = {1, 10, 100, 1_000};

  private final BigDecimal value;
  private final short[] digits;
  private final int weight;

  /**
   * Converts a number.
   *
   * @param number of any scale and precision
   */
  NumericDigits(BigDecimal number) {
    value = number.scale() < 0 ? number.setScale(0) : number;
    // Zeros after the last decimal, until each digit of the base is complete.
    int zeros = Math.floorMod(-value.scale(), BASE_DIGITS);
    // Amounts are small and many: a long saves big integers.
    digits =
        value.precision() <= MAX_LONG_PRECISION
            ? digits(Math.abs(value.unscaledValue().longValue()) * POWERS_OF_TEN[zeros])
            : digits(value.unscaledValue().abs().multiply(BigInteger.TEN.pow(zeros)));
    int fraction = (value.scale() + zeros) / BASE_DIGITS;
    weight = digits.length - fraction - 1;
  }

  /** Length in bytes. */
  int length() {
    return (4 + digits.length) * Short.BYTES;
  }

  /**
   * Writes the number of digits to the base of 10,000, the weight of the first, flags and scale.
   */
  void write(ByteBuffer buffer) {
    buffer.putShort((short) digits.length).putShort((short) weight);
    buffer.putShort(value.signum() < 0 ? NEGATIVE : 0).putShort((short) value.scale());
    for (short digit : digits) {
      buffer.putShort(digit);
    }
  }

  private static short[] digits(long number) {
    int length = 0;
    for (long rest = number; rest > 0; rest /= BASE) {
      length++;
    }
    short[] digits = new short[length];
    long rest = number;
    for (int i = length - 1; i >= 0; i--) {
      digits[i] = (short) (rest % BASE);
      rest /= BASE;
    }
    return digits;
  }

  private static short[] digits(BigInteger number) {
    String decimal = number.toString();
    int length = (decimal.length() + BASE_DIGITS - 1) / BASE_DIGITS;
    short[] digits = new short[length];
    for (int i = 0; i < length; i++) {
      int end = decimal.length() - (length - 1 - i) * BASE_DIGITS;
      digits[i] = Short.parseShort(decimal.substring(Math.max(0, end - BASE_DIGITS), end));
    }
    return digits;
  }
}
