package io.orderflow.benchmarks.program;

/** Amounts of two decimals, as whole numbers. */
public final class Cents {

  private Cents() {}

  /**
   * Reads an amount.
   *
   * @param text digits, a dot and two digits
   */
  static long parse(String text) {
    int dot = text.length() - 3;
    return Long.parseLong(text, 0, dot, 10) * 100
        + Long.parseLong(text, dot + 1, text.length(), 10);
  }

  /** Writes an amount with two decimals, as PostgreSQL and JSON do. */
  public static String text(long cents) {
    long fraction = cents % 100;
    return cents / 100 + (fraction < 10 ? ".0" : ".") + fraction;
  }
}
