package io.orderflow.common.config;

import java.util.Collection;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;

/**
 * A problem that keeps a connector from working, found before it starts.
 *
 * @param key the setting at fault
 * @param message the problem with the value, and how to fix it. SQL that fixes it is the rest of
 *     the message, after the first line that ends with a colon, or after "Run: "; so a command of
 *     docs/your-shop.md collects it
 */
public record Finding(String key, String message) {

  /** Adds each finding to the value of its setting, where Connect's REST API shows it. */
  public static void report(Collection<Finding> findings, Config config) {
    for (Finding finding : findings) {
      config.configValues().stream()
          .filter(value -> value.name().equals(finding.key()))
          .findFirst()
          .ifPresentOrElse(
              value -> value.addErrorMessage(finding.message()),
              () -> {
                ConfigValue value = new ConfigValue(finding.key());
                value.addErrorMessage(finding.message());
                config.configValues().add(value);
              });
    }
  }

  /**
   * Stops at the first finding.
   *
   * @throws ConfigException if there is one
   */
  public static void requireNone(Collection<Finding> findings) {
    findings.stream()
        .findFirst()
        .ifPresent(
            finding -> {
              throw new ConfigException(finding.key() + ": " + finding.message());
            });
  }

  /** Whether the configuration has no errors, so that further checks make sense. */
  public static boolean isSound(Config config) {
    return config.configValues().stream().allMatch(value -> value.errorMessages().isEmpty());
  }
}
