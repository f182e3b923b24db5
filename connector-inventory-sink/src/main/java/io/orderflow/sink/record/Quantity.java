package io.orderflow.sink.record;

import java.math.BigDecimal;

/**
 * Quantities of items. Stock counts in the smallest step that quantity.scale allows, 10^-scale of a
 * unit, so that sums and differences are exact.
 */
public final class Quantity {

  public static final int MAX_SCALE = 6;

  private static final long[] STEPS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000};
  private static final String SENT_AS = "Send it as a number or as text, such as 2.";

  private Quantity() {}

  /**
   * Converts a quantity.
   *
   * @param scale decimals of a quantity, 0 to {@value #MAX_SCALE}
   * @param expected names the quantity in the message
   * @return in units of 10^-scale
   */
  static long steps(Object found, int scale, String expected) {
    if (found instanceof Long || found instanceof Integer) {
      long number = ((Number) found).longValue();
      long steps = number * STEPS[scale];
      if (Math.multiplyHigh(number, STEPS[scale]) != steps >> 63) {
        throw tooLarge(scale, expected);
      }
      return steps;
    }
    return steps(new DecimalNumber(expected, SENT_AS).of(found), scale, expected);
  }

  private static long steps(BigDecimal number, int scale, String expected) {
    BigDecimal exact = number.scale() > scale ? number.stripTrailingZeros() : number;
    if (exact.scale() > scale) {
      throw tooManyDecimals(scale, expected);
    }
    BigDecimal steps = exact.movePointRight(scale);
    try {
      return steps.longValueExact();
    } catch (ArithmeticException beyondLong) {
      throw tooLarge(scale, expected);
    }
  }

  /**
   * Converts a quantity of the settings.
   *
   * @throws IllegalArgumentException with the reason, if it is no quantity of more than 0
   */
  public static long parse(String text, int scale) {
    try {
      long steps = steps(text.strip(), scale, "a quantity");
      if (steps > 0) {
        return steps;
      }
    } catch (FieldError notANumber) {
      // Reported below, like a number that is too small.
    }
    throw new IllegalArgumentException(
        scale == 0
            ? "\"%s\" is no quantity; set a whole number of 1 or more".formatted(text)
            : "\"%s\" is no quantity; set a number of more than 0 with at most %d decimals"
                .formatted(text, scale));
  }

  /** The largest quantity, for messages. */
  static String max(int scale) {
    return scale == 0 ? "2^63 - 1" : BigDecimal.valueOf(Long.MAX_VALUE, scale).toPlainString();
  }

  private static FieldError tooManyDecimals(int scale, String expected) {
    return scale == 0
        ? new FieldError(
            expected,
            "a number with a fraction",
            "Send a whole number, or set quantity.scale to the number of decimals.")
        : new FieldError(
            expected,
            "a number with more than " + scale + (scale == 1 ? " decimal" : " decimals"),
            scale == MAX_SCALE
                ? "Send fewer decimals."
                : "Send fewer decimals, or raise quantity.scale.");
  }

  private static FieldError tooLarge(int scale, String expected) {
    return new FieldError(expected, "more than " + max(scale), "Correct the quantity.");
  }
}
