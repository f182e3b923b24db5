package io.orderflow.sink;

import static io.orderflow.sink.config.ConfigKeys.CURRENCY_DEFAULT;
import static io.orderflow.sink.config.ConfigKeys.ORDER_AMOUNT_UNIT;
import static io.orderflow.sink.config.ConfigKeys.PAYMENT_AMOUNT_UNIT;
import static io.orderflow.sink.config.ConfigKeys.PAYMENT_DELETIONS;
import static io.orderflow.sink.config.ConfigKeys.PAYMENT_STATUS_FAILED;
import static io.orderflow.sink.config.ConfigKeys.PAYMENT_STATUS_OTHERWISE;
import static io.orderflow.sink.config.ConfigKeys.PAYMENT_STATUS_PAID;
import static io.orderflow.sink.config.ConfigKeys.PAYMENT_STATUS_REFUNDED;
import static io.orderflow.sink.config.ConfigKeys.PAYMENT_STATUS_REVERSED;

import io.orderflow.common.config.Finding;
import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.common.config.Validators;
import io.orderflow.sink.record.AmountUnit;
import io.orderflow.sink.record.Amounts;
import io.orderflow.sink.record.MoneyRules;
import io.orderflow.sink.record.PaymentStatuses;
import io.orderflow.sink.update.PaymentState;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.jspecify.annotations.Nullable;

/** How amounts and payments are read: {@code payment.status.*} and the units of amounts. */
final class MoneySettings {

  /** A record with another status is a bad record. */
  private static final String FAIL = "fail";

  private static final String APPLY = "apply";
  private static final String IGNORE = "ignore";
  private static final String MAJOR = "major";
  private static final String MINOR = "minor";

  /** The states that a setting maps statuses to. */
  private static final Map<PaymentState, String> KEYS =
      new EnumMap<>(
          Map.of(
              PaymentState.PAID, PAYMENT_STATUS_PAID,
              PaymentState.REFUNDED, PAYMENT_STATUS_REFUNDED,
              PaymentState.REVERSED, PAYMENT_STATUS_REVERSED,
              PaymentState.FAILED, PAYMENT_STATUS_FAILED));

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Payments and amounts",
          statuses(
              PAYMENT_STATUS_PAID,
              List.of("PAID", "CAPTURED"),
              "With payment.id.field, the statuses of payments whose amount the order has paid; a"
                  + " negative amount was refunded. Spelled as in status.reserve."),
          statuses(
              PAYMENT_STATUS_REFUNDED,
              List.of("REFUNDED"),
              "Statuses, or kinds, of refunds that have an ID of their own: their amount was"
                  + " refunded, whatever its sign."),
          statuses(
              PAYMENT_STATUS_REVERSED,
              List.of(),
              "Statuses of payments that were paid and then refunded as a whole under the same ID:"
                  + " their amount counts as paid and as refunded."),
          statuses(
              PAYMENT_STATUS_FAILED,
              List.of("PENDING", "AUTHORIZED", "FAILED", "VOIDED", "CANCELLED"),
              "Statuses of payments whose amount the order has not paid: failed, voided, or not"
                  + " captured yet."),
          Setting.of(PAYMENT_STATUS_OTHERWISE, Type.STRING)
              .defaultsTo(FAIL)
              .oneOf(otherwise())
              .documented(
                  "What all other statuses of payments mean. fail: the record is a bad record."),
          Setting.of(PAYMENT_DELETIONS, Type.STRING)
              .defaultsTo(APPLY)
              .oneOf(APPLY, IGNORE)
              .documented(
                  "With payment.id.field, what a tombstone or a Debezium delete of a payment does."
                      + " apply: its amount is taken back; the key of each record is the payment's"
                      + " ID. ignore: nothing, for topics whose tombstones end retention, or have the"
                      + " order's ID as key."),
          unit(ORDER_AMOUNT_UNIT, "the amount due of an order"),
          unit(PAYMENT_AMOUNT_UNIT, "amounts of payments"),
          Setting.of(CURRENCY_DEFAULT, Type.STRING)
              .optional()
              .validatedBy(
                  Validators.emptyOr(
                      Validators.parsedBy(Amounts::parseCurrency, "a code of ISO 4217")))
              .documented(
                  "Currency of orders and payments whose records have none. By default a payment"
                      + " without a currency has that of its order."));

  private MoneySettings() {}

  private static Setting statuses(String key, List<String> statuses, String documentation) {
    return Setting.of(key, Type.LIST).defaultsTo(statuses).documented(documentation);
  }

  private static Setting unit(String key, String amounts) {
    return Setting.of(key, Type.STRING)
        .defaultsTo(MAJOR)
        .oneOf(MAJOR, MINOR)
        .documented(
            "Unit of "
                + amounts
                + ". minor: whole numbers of the currency's smallest unit, by the digits that ISO"
                + " 4217 gives each currency: 1990 are 19.90 EUR, 1990 JPY or 1.990 KWD.");
  }

  private static String[] otherwise() {
    List<String> values = new ArrayList<>(List.of(FAIL));
    KEYS.keySet().forEach(state -> values.add(lowerCase(state)));
    return values.toArray(String[]::new);
  }

  private static String lowerCase(PaymentState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  static MoneyRules rules(AbstractConfig config) {
    String otherwise = config.getString(PAYMENT_STATUS_OTHERWISE);
    return new MoneyRules(
        amounts(config, ORDER_AMOUNT_UNIT),
        amounts(config, PAYMENT_AMOUNT_UNIT),
        new PaymentStatuses(
            states(config),
            otherwise.equals(FAIL)
                ? null
                : PaymentState.valueOf(otherwise.toUpperCase(Locale.ROOT))),
        config.getString(PAYMENT_DELETIONS).equals(APPLY));
  }

  private static Amounts amounts(AbstractConfig config, String key) {
    return new Amounts(
        key,
        config.getString(key).equals(MINOR) ? AmountUnit.MINOR : AmountUnit.MAJOR,
        defaultCurrency(config));
  }

  private static @Nullable String defaultCurrency(AbstractConfig config) {
    String code = config.getString(CURRENCY_DEFAULT);
    return code == null || code.isEmpty() ? null : Amounts.parseCurrency(code);
  }

  private static Map<String, PaymentState> states(AbstractConfig config) {
    Map<String, PaymentState> states = new HashMap<>();
    KEYS.forEach((state, key) -> config.getList(key).forEach(s -> states.put(s, state)));
    return states;
  }

  /** Statuses with two states. */
  static List<Finding> findings(AbstractConfig config) {
    List<Finding> findings = new ArrayList<>();
    Map<String, String> known = new HashMap<>();
    KEYS.forEach(
        (state, key) -> {
          for (String status : config.getList(key)) {
            String other = known.putIfAbsent(status, key);
            if (other != null) {
              findings.add(
                  new Finding(
                      key,
                      "status %s is also in %s; remove it from one of them"
                          .formatted(status, other)));
            }
          }
        });
    return findings;
  }
}
