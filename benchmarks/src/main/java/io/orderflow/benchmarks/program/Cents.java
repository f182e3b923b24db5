package io.orderflow.benchmarks.program;

/** Amounts of two decimals. */
final class Cents {

  private Cents() {}

  /**
   * As a whole number.
   *
   * @param text digits, a dot and two digits
   */
  static long parse(String text) {
    int dot = text.length() - 3;
    return Long.parseLong(text, 0, dot, 10) * 100
        + Long.parseLong(text, dot + 1, text.length(), 10);
  }
}
