package io.orderflow.sink.warehouse;

import java.math.BigDecimal;

/**
 * A numeric of at most 15 digits in the form of {@code numeric_send}: the number of digits to the
 * base of 10,000, the weight of the first, the sign, the scale, then the digits (PostgreSQL's
 * numeric.c).
 */
final class SmallNumeric {

  private static final int BASE = 10_000;
  private static final int BASE_DIGITS = 4;
  private static final int NEGATIVE = 0x4000;

  /** What stays within a long with three more zeros behind it. */
  private static final int PRECISION = 15;

  private static final long[] POWERS_OF_TEN = {1, 10, 100, 1_000};

  private SmallNumeric() {}

  static boolean fits(BigDecimal value) {
    return 0 <= value.scale() && value.scale() <= PRECISION && value.precision() <= PRECISION;
  }

  static BinaryCopy write(BinaryCopy rows, BigDecimal value) {
    int scale = value.scale();
    // Zeros behind the point until its digits are whole ones of the base.
    int missing = Math.floorMod(-scale, BASE_DIGITS);
    long rest = Math.abs(value.unscaledValue().longValue()) * POWERS_OF_TEN[missing];
    int fraction = (scale + missing) / BASE_DIGITS;
    int digits = digits(rest);
    rows.int4((BASE_DIGITS + digits) * Short.BYTES)
        .int2(digits)
        .int2(digits - fraction - 1)
        .int2(value.signum() < 0 ? NEGATIVE : 0)
        .int2(scale);
    long power = 1;
    for (int i = 1; i < digits; i++) {
      power *= BASE;
    }
    for (int i = 0; i < digits; i++) {
      rows.int2((int) (rest / power % BASE));
      power /= BASE;
    }
    return rows;
  }

  private static int digits(long number) {
    int digits = 0;
    for (long rest = number; rest > 0; rest /= BASE) {
      digits++;
    }
    return digits;
  }
}
