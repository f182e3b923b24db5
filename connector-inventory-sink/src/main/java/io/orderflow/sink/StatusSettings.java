package io.orderflow.sink;

import io.orderflow.common.config.Finding;
import io.orderflow.sink.update.Intent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Which status of an order means which intent: the {@code status.*} settings. */
final class StatusSettings {

  private static final String GROUP = "Order statuses";

  private StatusSettings() {}

  static void define(ConfigDef definition) {
    define(
        definition,
        1,
        Intent.RESERVE,
        List.of("PENDING", "PLACED", "CONFIRMED", "PAID"),
        "The items are kept for the order.");
    define(
        definition,
        2,
        Intent.SHIP,
        List.of("SHIPPED", "DELIVERED", "COMPLETED"),
        "The items have left the warehouse.");
    define(
        definition,
        3,
        Intent.RELEASE,
        List.of("CANCELLED"),
        "The order wants nothing any more; what it held is free.");
    define(
        definition,
        4,
        Intent.RECEIVE,
        List.of(),
        "The items have come in, as in a purchase order.");
    define(
        definition,
        5,
        Intent.RETURN,
        List.of("RETURNED"),
        "What had left is back in the warehouse.");
  }

  private static void define(
      ConfigDef definition, int order, Intent intent, List<String> statuses, String meaning) {
    definition.define(
        key(intent),
        Type.LIST,
        statuses,
        Importance.MEDIUM,
        meaning
            + " Statuses are compared as they are written; one that is nowhere named is a bad"
            + " record.",
        GROUP,
        order,
        Width.LONG,
        key(intent));
  }

  static Map<String, Intent> intents(AbstractConfig config) {
    Map<String, Intent> intents = new HashMap<>();
    for (Intent intent : Intent.values()) {
      config.getList(key(intent)).forEach(status -> intents.put(status, intent));
    }
    return intents;
  }

  /** Statuses that mean two things. */
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
                  "expected one intent for each status, found "
                      + status
                      + " here and in "
                      + other));
        }
      }
    }
    return findings;
  }

  private static String key(Intent intent) {
    return "status." + intent.name().toLowerCase(Locale.ROOT);
  }
}
