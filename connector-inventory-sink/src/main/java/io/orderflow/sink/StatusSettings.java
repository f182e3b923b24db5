package io.orderflow.sink;

import io.orderflow.common.config.Finding;
import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.sink.config.ConfigKeys;
import io.orderflow.sink.record.Statuses;
import io.orderflow.sink.update.Intent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Which status of an order means which intent: the {@code status.*} settings. */
final class StatusSettings {

  /** A record with another status is a bad record. */
  private static final String FAIL = "fail";

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Order statuses",
          statuses(
              Intent.RESERVE,
              List.of("PENDING", "PLACED", "CONFIRMED", "PAID"),
              "Statuses of orders that reserve their items."),
          statuses(
              Intent.SHIP,
              List.of("SHIPPED", "DELIVERED", "COMPLETED"),
              "Statuses of orders whose items have left the warehouse."),
          statuses(
              Intent.RELEASE,
              List.of("CANCELLED"),
              "Statuses of orders that need nothing any more; their reservations are released."),
          statuses(
              Intent.RECEIVE,
              List.of(),
              "Statuses of orders whose items have arrived, such as purchase orders."),
          statuses(
              Intent.RETURN,
              List.of("RETURNED"),
              "Statuses of orders whose shipped items are back in the warehouse."),
          statuses(
              Intent.KEEP,
              List.of(),
              "Statuses of orders whose stock remains as it is, such as those being edited."),
          Setting.of(ConfigKeys.STATUS_OTHERWISE, Type.STRING)
              .defaultsTo(FAIL)
              .oneOf(otherwise())
              .documented(
                  "What all other statuses mean. fail: the record is a bad record. Any other value is"
                      + " the intent of such an order."));

  private StatusSettings() {}

  private static Setting statuses(Intent intent, List<String> statuses, String meaning) {
    return Setting.of(key(intent), Type.LIST)
        .defaultsTo(statuses)
        .documented(
            meaning
                + " Statuses are case-sensitive, numbers are given by their digits; (null) is a status"
                + " that is null or missing, and (empty) an empty one.");
  }

  private static String[] otherwise() {
    return Stream.concat(
            Stream.of(FAIL), Arrays.stream(Intent.values()).map(StatusSettings::lowerCase))
        .toArray(String[]::new);
  }

  private static String lowerCase(Intent intent) {
    return intent.name().toLowerCase(Locale.ROOT);
  }

  static Statuses statuses(AbstractConfig config) {
    String otherwise = config.getString(ConfigKeys.STATUS_OTHERWISE);
    return new Statuses(
        intents(config),
        otherwise.equals(FAIL) ? null : Intent.valueOf(otherwise.toUpperCase(Locale.ROOT)));
  }

  private static Map<String, Intent> intents(AbstractConfig config) {
    Map<String, Intent> intents = new HashMap<>();
    for (Intent intent : Intent.values()) {
      config.getList(key(intent)).forEach(status -> intents.put(status, intent));
    }
    return intents;
  }

  /** Statuses with two intents. */
  static List<Finding> findings(AbstractConfig config) {
    List<Finding> findings = new ArrayList<>();
    Map<String, String> keys = new HashMap<>();
    for (Intent intent : Intent.values()) {
      for (String status : config.getList(key(intent))) {
        String other = keys.putIfAbsent(status, key(intent));
        if (other != null) {
          findings.add(
              new Finding(
                  key(intent),
                  "status %s is also in %s; remove it from one of them".formatted(status, other)));
        }
      }
    }
    return findings;
  }

  private static String key(Intent intent) {
    return switch (intent) {
      case RESERVE -> ConfigKeys.STATUS_RESERVE;
      case SHIP -> ConfigKeys.STATUS_SHIP;
      case RELEASE -> ConfigKeys.STATUS_RELEASE;
      case RECEIVE -> ConfigKeys.STATUS_RECEIVE;
      case RETURN -> ConfigKeys.STATUS_RETURN;
      case KEEP -> ConfigKeys.STATUS_KEEP;
    };
  }
}
