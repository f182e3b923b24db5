package io.orderflow.sink.record;

import java.math.BigDecimal;

/** Amounts of money. Refunds and credit notes are negative. */
final class Amount {

  private static final DecimalNumber NUMBER =
      new DecimalNumber("an amount", "Send it as a decimal or as text, such as 12.50.");

  private Amount() {}

  static BigDecimal parse(Object found) {
    return NUMBER.of(found);
  }
}
