package io.orderflow.common.config;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.jspecify.annotations.Nullable;

/**
 * The one declaration of a setting. Immutable: each method returns a changed copy. A new setting is
 * required, accepts every value of its type, and is of medium importance.
 *
 * <pre>{@code
 * Setting.of(POLL_INTERVAL, Type.LONG)
 *     .defaultsTo(100L)
 *     .between(1, 60_000)
 *     .documented("Maximum wait between polls when idle, in milliseconds.")
 * }</pre>
 *
 * @param defaultValue {@link ConfigDef#NO_DEFAULT_VALUE} if the setting is required, null if it is
 *     optional and has no default
 * @param validator null if every value of the type is valid
 */
public record Setting(
    String key,
    Type type,
    @Nullable Object defaultValue,
    ConfigDef.@Nullable Validator validator,
    Importance importance,
    String documentation) {

  /** A required setting. */
  public static Setting of(String key, Type type) {
    return new Setting(key, type, ConfigDef.NO_DEFAULT_VALUE, null, Importance.MEDIUM, "");
  }

  /**
   * Makes the setting optional.
   *
   * @param value of the setting's type
   */
  public Setting defaultsTo(Object value) {
    return new Setting(key, type, value, validator, importance, documentation);
  }

  /** Makes the setting optional; without a value it is null. */
  public Setting optional() {
    return new Setting(key, type, null, validator, importance, documentation);
  }

  public Setting validatedBy(ConfigDef.Validator rule) {
    return new Setting(key, type, defaultValue, rule, importance, documentation);
  }

  /** Accepts only the given texts. */
  public Setting oneOf(String... values) {
    return validatedBy(ConfigDef.ValidString.in(values));
  }

  /** Accepts only numbers from min to max. */
  public Setting between(Number min, Number max) {
    return validatedBy(ConfigDef.Range.between(min, max));
  }

  /** Marks a setting that most users set. */
  public Setting high() {
    return new Setting(key, type, defaultValue, validator, Importance.HIGH, documentation);
  }

  /** Marks a setting that few users change. */
  public Setting low() {
    return new Setting(key, type, defaultValue, validator, Importance.LOW, documentation);
  }

  /** Adds the text for the reference page and for user interfaces. */
  public Setting documented(String text) {
    return new Setting(key, type, defaultValue, validator, importance, text);
  }

  /** Adds the setting to a definition, after those that it already has. */
  void addTo(ConfigDef definition, String group) {
    int order = definition.configKeys().size();
    definition.define(
        key,
        type,
        defaultValue,
        validator,
        importance,
        documentation,
        group,
        order,
        width(),
        key,
        List.of());
  }

  private ConfigDef.Width width() {
    return switch (type) {
      case STRING, PASSWORD, CLASS -> ConfigDef.Width.MEDIUM;
      case LIST -> ConfigDef.Width.LONG;
      default -> ConfigDef.Width.SHORT;
    };
  }
}
