package io.orderflow.common.config;

import java.util.function.Consumer;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Rules for the values of settings. Each has a text form, which the reference page shows in its
 * column "valid values".
 */
public final class Validators {

  private Validators() {}

  /** Accepts any text but white space. */
  public static ConfigDef.Validator notBlank() {
    return ConfigDef.LambdaValidator.with(
        (key, value) -> {
          if (isBlank(value)) {
            throw new ConfigException(key + ": must not be empty; set a name");
          }
        },
        () -> "a name");
  }

  /**
   * Accepts what a parser accepts.
   *
   * @param parser throws an {@link IllegalArgumentException} with a message for the user
   * @param form short text form of valid values
   */
  public static ConfigDef.Validator parsedBy(Consumer<String> parser, String form) {
    return ConfigDef.LambdaValidator.with(
        (key, value) -> {
          try {
            parser.accept(String.valueOf(value));
          } catch (IllegalArgumentException e) {
            throw new ConfigException(key + ": " + e.getMessage());
          }
        },
        () -> form);
  }

  /** Accepts white space, no value, and what another rule accepts. */
  public static ConfigDef.Validator emptyOr(ConfigDef.Validator rule) {
    return ConfigDef.LambdaValidator.with(
        (key, value) -> {
          if (!isBlank(value)) {
            rule.ensureValid(key, value);
          }
        },
        () -> rule + ", or nothing");
  }

  private static boolean isBlank(@Nullable Object value) {
    return value == null || String.valueOf(value).isBlank();
  }
}
