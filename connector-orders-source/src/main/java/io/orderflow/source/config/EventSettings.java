package io.orderflow.source.config;

import io.orderflow.source.schema.DecimalHandling;
import java.util.Locale;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;

/**
 * Where events go, and what is in them.
 *
 * @param topic that the events go to
 * @param decimals what numeric columns are in an event
 */
public record EventSettings(String topic, DecimalHandling decimals) {

  static final String TOPIC = "topic";
  static final String DECIMALS = "decimal.handling.mode";

  static ConfigDef define(ConfigDef definition) {
    SettingsGroup group = new SettingsGroup(definition, "Events");
    group.define(
        TOPIC,
        Type.STRING,
        "orders",
        SettingsGroup.notBlank(),
        Importance.HIGH,
        "Topic that the events go to.");
    group.define(
        DECIMALS,
        Type.STRING,
        "precise",
        ConfigDef.ValidString.in("precise", "string"),
        Importance.MEDIUM,
        "How events represent numeric columns. precise: Connect's Decimal with the column's scale;"
            + " string: the exact text. A column without a scale is always text.");
    return definition;
  }

  static EventSettings of(AbstractConfig config) {
    return new EventSettings(
        config.getString(TOPIC),
        DecimalHandling.valueOf(config.getString(DECIMALS).toUpperCase(Locale.ROOT)));
  }
}
