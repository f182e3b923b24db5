package io.orderflow.source.config;

import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.common.config.Validators;
import io.orderflow.source.schema.ColumnRules.Names;
import io.orderflow.source.schema.CompositeIdFormat;
import io.orderflow.source.schema.DecimalHandling;
import io.orderflow.source.schema.NameAdjustment;
import java.util.Locale;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Type;

/**
 * Where events go, and how they represent values.
 *
 * @param topic topic of the events
 * @param decimals how events represent numeric columns
 * @param compositeId how the key represents an order ID of several columns
 */
public record EventSettings(String topic, DecimalHandling decimals, CompositeIdFormat compositeId) {

  public static final String TOPIC = "topic";
  public static final String DECIMALS = "decimal.handling.mode";
  public static final String SCHEMA_NAMES = "schema.name.adjustment.mode";
  public static final String FIELD_NAMES = "field.name.adjustment.mode";

  private static final String[] ADJUSTMENTS = {"none", "avro", "avro_unicode"};
  public static final String COMPOSITE_ID = "composite.id.format";

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Events",
          Setting.of(TOPIC, Type.STRING)
              .defaultsTo("orders")
              .validatedBy(Validators.topic())
              .high()
              .documented("Topic of the events."),
          Setting.of(DECIMALS, Type.STRING)
              .defaultsTo("precise")
              .oneOf("precise", "string")
              .documented(
                  "How events represent numeric columns. precise: Connect's Decimal with the column's"
                      + " scale; string: the exact text. A column without a scale is always text."),
          Setting.of(SCHEMA_NAMES, Type.STRING)
              .defaultsTo("none")
              .oneOf(ADJUSTMENTS)
              .documented(
                  "How names of tables become names of schemas. none: unchanged; avro: each character"
                      + " that Avro and Protobuf refuse becomes an underscore; avro_unicode: it"
                      + " becomes _uXXXX, its code in hexadecimal digits, and so does the underscore"
                      + " itself."),
          Setting.of(FIELD_NAMES, Type.STRING)
              .defaultsTo("none")
              .oneOf(ADJUSTMENTS)
              .documented(
                  "How names of columns become names of fields, with the same modes. It applies after"
                      + " columns.rename."),
          Setting.of(COMPOSITE_ID, Type.STRING)
              .defaultsTo("text")
              .oneOf("text", "struct")
              .low()
              .documented(
                  "How the record key represents an order ID of several columns. text: the columns'"
                      + " texts with colons between them, such as 1:7:3001, and a backslash before"
                      + " each colon or backslash within a column; the inventory sink takes it as an"
                      + " order ID of type text. struct: a struct with the columns."));

  static EventSettings of(AbstractConfig config) {
    return new EventSettings(
        config.getString(TOPIC),
        DecimalHandling.valueOf(config.getString(DECIMALS).toUpperCase(Locale.ROOT)),
        CompositeIdFormat.valueOf(config.getString(COMPOSITE_ID).toUpperCase(Locale.ROOT)));
  }

  /** How events adjust names. */
  static Names names(AbstractConfig config) {
    return new Names(
        NameAdjustment.of(config.getString(SCHEMA_NAMES)),
        NameAdjustment.of(config.getString(FIELD_NAMES)));
  }
}
