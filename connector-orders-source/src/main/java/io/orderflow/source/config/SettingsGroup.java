package io.orderflow.source.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Adds settings of one group to a definition, in the order in which they come. */
record SettingsGroup(ConfigDef definition, String group) {

  void define(
      String key,
      Type type,
      @Nullable Object defaultValue,
      ConfigDef.@Nullable Validator validator,
      Importance importance,
      String documentation) {
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
        Width.MEDIUM,
        key);
  }

  static ConfigDef.Validator notBlank() {
    return ConfigDef.LambdaValidator.with(
        (key, value) -> {
          if (value == null || String.valueOf(value).isBlank()) {
            throw new ConfigException(key + ": expected a name, found none");
          }
        },
        () -> "a name");
  }
}
