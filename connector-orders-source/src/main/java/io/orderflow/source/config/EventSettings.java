package io.orderflow.source.config;

import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.common.config.Validators;
import io.orderflow.source.schema.DecimalHandling;
import java.util.Locale;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Type;

/**
 * Where events go, and how they represent values.
 *
 * @param topic topic of the events
 * @param decimals how events represent numeric columns
 */
public record EventSettings(String topic, DecimalHandling decimals) {

  public static final String TOPIC = "topic";
  public static final String DECIMALS = "decimal.handling.mode";

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Events",
          Setting.of(TOPIC, Type.STRING)
              .defaultsTo("orders")
              .validatedBy(Validators.notBlank())
              .high()
              .documented("Topic of the events."),
          Setting.of(DECIMALS, Type.STRING)
              .defaultsTo("precise")
              .oneOf("precise", "string")
              .documented(
                  "How events represent numeric columns. precise: Connect's Decimal with the column's"
                      + " scale; string: the exact text. A column without a scale is always text."));

  static EventSettings of(AbstractConfig config) {
    return new EventSettings(
        config.getString(TOPIC),
        DecimalHandling.valueOf(config.getString(DECIMALS).toUpperCase(Locale.ROOT)));
  }
}
