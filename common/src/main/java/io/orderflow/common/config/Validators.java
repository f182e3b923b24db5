package io.orderflow.common.config;

import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Rules for the values of settings. Each has a text form, which the reference page shows in its
 * column "valid values".
 */
public final class Validators {

  /** As in Kafka's class org.apache.kafka.common.internals.Topic. */
  private static final int MAX_TOPIC_LENGTH = 249;

  private static final Pattern TOPIC =
      Pattern.compile("[a-zA-Z0-9._-]{1," + MAX_TOPIC_LENGTH + "}");

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

  /** Accepts a list with at least one name. */
  public static ConfigDef.Validator notEmptyList() {
    return ConfigDef.LambdaValidator.with(
        (key, value) -> {
          if (!(value instanceof List<?> list) || list.stream().allMatch(Validators::isBlank)) {
            throw new ConfigException(key + ": must not be empty; set a name");
          }
        },
        () -> "a list of names");
  }

  /** Accepts no value, and numbers from a minimum on. */
  public static ConfigDef.Validator atLeast(long min) {
    return ConfigDef.LambdaValidator.with(
        (key, value) -> {
          if (value instanceof Number number && number.longValue() < min) {
            throw new ConfigException(
                "%s: %s is too small; set at least %d".formatted(key, number, min));
          }
        },
        () -> "[" + min + ",...]");
  }

  /** Accepts a name that Kafka accepts for a topic. */
  public static ConfigDef.Validator topic() {
    return ConfigDef.LambdaValidator.with(
        (key, value) -> {
          String name = String.valueOf(value);
          if (!TOPIC.matcher(name).matches() || name.equals(".") || name.equals("..")) {
            throw new ConfigException(
                "%s: Kafka does not accept the topic name \"%s\"; use 1 to %d letters, digits, dots, underscores and hyphens"
                    .formatted(key, name, MAX_TOPIC_LENGTH));
          }
        },
        () -> "a topic name");
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
