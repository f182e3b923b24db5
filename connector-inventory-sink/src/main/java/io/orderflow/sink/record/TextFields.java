package io.orderflow.sink.record;

import java.nio.charset.StandardCharsets;
import java.util.Currency;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Converts text, and checks that a PostgreSQL column can hold it. */
final class TextFields {

  private static final Set<String> CURRENCIES =
      Currency.getAvailableCurrencies().stream()
          .map(Currency::getCurrencyCode)
          .collect(Collectors.toUnmodifiableSet());

  /**
   * An entry of a B-tree has at most 2704 bytes (BTMaxItemSize in PostgreSQL's nbtree.h), 12 of
   * which are headers. A longer text fits only if it happens to compress well, and whether an ID is
   * accepted must not depend on that.
   */
  static final int MAX_BYTES = 2_692;

  private TextFields() {}

  /** Any text, including the empty text. */
  static String of(Object content, String expected) {
    if (content instanceof String text) {
      return storable(text, expected);
    }
    throw new FieldError(expected, TypeNames.of(content), "Send it as text.");
  }

  private static String storable(String text, String expected) {
    if (text.length() > MAX_BYTES / 3) {
      return checked(text, expected);
    }
    for (int i = 0; i < text.length(); i++) {
      // One comparison finds all characters that need a closer look: U+0000 wraps to the greatest.
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
        // PostgreSQL does not store this character (manual, section 8.3).
        throw new FieldError(
            expected,
            "text with the character U+0000",
            "Remove the character, which PostgreSQL cannot store.");
      }
      if (Character.isSurrogate(at)) {
        if (!isPair(text, i)) {
          // Java would encode it as a question mark, and two texts could become the same.
          throw new FieldError(
              expected,
              "text with half of a surrogate pair",
              "Remove it, or send the whole character: UTF-8 cannot encode half of it.");
        }
        i++;
        bytes += 4;
      } else {
        bytes += at < 0x80 ? 1 : at < 0x800 ? 2 : 3;
      }
    }
    if (bytes > MAX_BYTES) {
      throw new FieldError(
          expected,
          "text of more than " + MAX_BYTES + " bytes in UTF-8",
          "Shorten it: an index of PostgreSQL cannot hold more.");
    }
    return text;
  }

  /** The length in UTF-8, or 0 if it is certain to be short. */
  static int bytes(String text) {
    return text.length() <= MAX_BYTES / 4 ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static boolean isPair(String text, int first) {
    return first + 1 < text.length()
        && Character.isSurrogatePair(text.charAt(first), text.charAt(first + 1));
  }

  static String notEmpty(Object content, String expected) {
    String text = of(content, expected);
    if (text.isEmpty()) {
      throw new FieldError(expected, "empty text", "Send a value.");
    }
    return text;
  }

  /** Text or a whole number, for identifiers that are numbers in some systems. */
  static String identifier(Object found, String expected) {
    if (found instanceof String) {
      return notEmpty(found, expected);
    }
    Object content = VariableScaleDecimal.unwrap(found);
    return content instanceof Number
        ? Long.toString(WholeNumber.of(content, expected))
        : of(content, expected);
  }

  /** The code in capitals; Medusa and Stripe, for instance, write it in lower case. */
  static String currency(Object content) {
    String text = of(content, "a currency");
    if (CURRENCIES.contains(text)) {
      return text;
    }
    String code = text.toUpperCase(Locale.ROOT);
    // Some letters beyond ASCII have a capital within it, such as the dotless i of Turkish.
    if (!CURRENCIES.contains(code) || !isAscii(text)) {
      throw new FieldError(
          "a currency",
          "text that is not a code of ISO 4217",
          "Send the three letters of the code, such as EUR.");
    }
    return code;
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(character -> character < 0x80);
  }
}
