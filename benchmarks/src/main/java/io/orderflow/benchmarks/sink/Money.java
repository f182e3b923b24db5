package io.orderflow.benchmarks.sink;

/** Amounts in cents. */
final class Money {

  private Money() {}

  /** With two decimals, as PostgreSQL and JSON have it. */
  static String text(long cents) {
    long fraction = cents % 100;
    return cents / 100 + (fraction < 10 ? ".0" : ".") + fraction;
  }
}
