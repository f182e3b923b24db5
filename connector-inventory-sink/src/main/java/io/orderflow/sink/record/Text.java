package io.orderflow.sink.record;

import java.util.Currency;
import java.util.Set;
import java.util.stream.Collectors;

/** Text as a PostgreSQL column takes it. */
final class Text {

  private static final Set<String> CURRENCIES =
      Currency.getAvailableCurrencies().stream()
          .map(Currency::getCurrencyCode)
          .collect(Collectors.toUnmodifiableSet());

  private Text() {}

  /** Any text, the empty one included. */
  static String of(Object content, String expected) {
    if (content instanceof String text) {
      // PostgreSQL has no such character (manual, section 8.3): it would fail the whole batch.
      if (text.indexOf('\0') >= 0) {
        throw new Mismatch(
            expected,
            "text with the character U+0000",
            "Remove the character, which PostgreSQL cannot store.");
      }
      return text;
    }
    throw new Mismatch(expected, Found.kindOf(content), "Send it as text.");
  }

  static String notEmpty(Object content, String expected) {
    String text = of(content, expected);
    if (text.isEmpty()) {
      throw new Mismatch(expected, "empty text", "Fill it in.");
    }
    return text;
  }

  /** Text or an integer: what names something, and is a number in some shops. */
  static String identifier(Object content, String expected) {
    return WholeNumber.isInteger(content) ? content.toString() : notEmpty(content, expected);
  }

  static String currency(Object content) {
    String code = of(content, "a currency");
    if (!CURRENCIES.contains(code)) {
      throw new Mismatch(
          "a currency",
          "text that is no code of ISO 4217",
          "Send three capital letters, such as EUR.");
    }
    return code;
  }
}
