package io.orderflow.sink.record;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Set;
import java.util.stream.Collectors;

/** Text as a PostgreSQL column takes it. */
final class TextFields {

  private static final Set<String> CURRENCIES =
      Currency.getAvailableCurrencies().stream()
          .map(Currency::getCurrencyCode)
          .collect(Collectors.toUnmodifiableSet());

  /**
   * In bytes. An entry of a B-tree takes 2704 (BTMaxItemSize of PostgreSQL's nbtree.h), 12 of which
   * are its header and the text's. A longer text fits only if it happens to compress well: whether
   * an ID is accepted must not depend on that.
   */
  static final int LONGEST = 2_692;

  private TextFields() {}

  /** Any text, the empty one included. */
  static String of(Object content, String expected) {
    if (content instanceof String text) {
      return storable(text, expected);
    }
    throw new FieldError(expected, TypeNames.kindOf(content), "Send it as text.");
  }

  private static String storable(String text, String expected) {
    if (text.length() > LONGEST / 3) {
      return checked(text, expected);
    }
    for (int i = 0; i < text.length(); i++) {
      // One comparison for all that needs a closer look: U+0000, and all from the surrogates on.
      if ((char) (text.charAt(i) - 1) >= Character.MIN_SURROGATE - 1) {
        return checked(text, expected);
      }
    }
    return text;
  }

  private static String checked(String text, String expected) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char at = text.charAt(i);
      if (at == '\0') {
        // PostgreSQL has no such character (manual, section 8.3): it would fail the whole batch.
        throw new FieldError(
            expected,
            "text with the character U+0000",
            "Remove the character, which PostgreSQL cannot store.");
      }
      if (Character.isSurrogate(at)) {
        if (!isPair(text, i)) {
          // Java encodes it as a question mark: two texts would become one, and nobody be told.
          throw new FieldError(
              expected,
              "text with half of a surrogate pair",
              "Remove it, or send the whole character: UTF-8, and so PostgreSQL, has no halves.");
        }
        i++;
        bytes += 4;
      } else {
        bytes += at < 0x80 ? 1 : at < 0x800 ? 2 : 3;
      }
    }
    if (bytes > LONGEST) {
      throw new FieldError(
          expected,
          "text of more than " + LONGEST + " bytes in UTF-8",
          "Shorten it: an index of PostgreSQL does not hold more.");
    }
    return text;
  }

  private static boolean isPair(String text, int first) {
    return first + 1 < text.length()
        && Character.isSurrogatePair(text.charAt(first), text.charAt(first + 1));
  }

  static String notEmpty(Object content, String expected) {
    String text = of(content, expected);
    if (text.isEmpty()) {
      throw new FieldError(expected, "empty text", "Fill it in.");
    }
    return text;
  }

  /** Text or a whole number: what names something, and is a number in some shops. */
  static String identifier(Object content, String expected) {
    if (content instanceof String) {
      return notEmpty(content, expected);
    }
    return WholeNumber.isInteger(content) || content instanceof BigDecimal
        ? Long.toString(WholeNumber.of(content, expected))
        : of(content, expected);
  }

  static String currency(Object content) {
    String code = of(content, "a currency");
    if (!CURRENCIES.contains(code)) {
      throw new FieldError(
          "a currency",
          "text that is no code of ISO 4217",
          "Send three capital letters, such as EUR.");
    }
    return code;
  }
}
