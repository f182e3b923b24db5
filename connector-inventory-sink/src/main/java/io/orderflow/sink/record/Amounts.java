package io.orderflow.sink.record;

import java.math.BigDecimal;
import java.util.Currency;
import org.jspecify.annotations.Nullable;

/**
 * Reads amounts with their currencies.
 *
 * @param setting that has set the unit, for messages
 * @param defaultCurrency of records without one; may be null
 */
public record Amounts(String setting, AmountUnit unit, @Nullable String defaultCurrency) {

  /** An amount in the currency's own unit. */
  record Money(@Nullable BigDecimal amount, @Nullable String currency) {}

  private static final Money NONE = new Money(null, null);

  private static final String IN_MINOR_UNITS = "a currency, since %s=minor";

  /**
   * The code of a currency, in capitals.
   *
   * @throws IllegalArgumentException if it is no code of ISO 4217
   */
  public static String parseCurrency(String code) {
    try {
      return TextFields.currency(code);
    } catch (FieldError error) {
      throw new IllegalArgumentException(code + " is no code of ISO 4217, such as EUR", error);
    }
  }

  /** Reads an amount with its currency, which does not matter if there is no amount. */
  Money readIfAny(Row value, FieldPath amount, FieldPath currency) {
    return value.optional(amount) == null ? NONE : read(value, amount, currency);
  }

  Money read(Row value, FieldPath amount, FieldPath currency) {
    String code = currency(value, currency);
    return new Money(amount(value, amount, currency, code), code);
  }

  /** The currency in a record, or the default one. */
  private @Nullable String currency(Row value, FieldPath field) {
    String code = value.currency(field);
    return code == null ? defaultCurrency : code;
  }

  /**
   * Reads an amount; null if the record has none.
   *
   * @param code the record's currency
   */
  @Nullable BigDecimal amount(
      Row value, FieldPath field, FieldPath currency, @Nullable String code) {
    BigDecimal found = value.amount(field);
    if (found == null || unit == AmountUnit.MAJOR) {
      return found;
    }
    if (code == null) {
      throw value.missing(currency, IN_MINOR_UNITS.formatted(setting));
    }
    return ofMinor(value, field, found, digits(value, currency, code));
  }

  /** Digits after the point, by ISO 4217. */
  private int digits(Row value, FieldPath field, String code) {
    int digits = Currency.getInstance(code).getDefaultFractionDigits();
    if (digits < 0) {
      throw value.bad(
          field,
          new FieldError(
              IN_MINOR_UNITS.formatted(setting),
              "a code of ISO 4217 without minor units, such as that of gold",
              "Send the code of a currency."));
    }
    return digits;
  }

  private BigDecimal ofMinor(Row value, FieldPath field, BigDecimal found, int digits) {
    if (found.stripTrailingZeros().scale() > 0) {
      throw value.bad(
          field,
          new FieldError(
              "an amount in minor units",
              "a number with a fraction",
              "Send a whole number, such as 1250 for 12.50 euros, or set " + setting + "=major."));
    }
    return found.setScale(0).movePointLeft(digits);
  }
}
