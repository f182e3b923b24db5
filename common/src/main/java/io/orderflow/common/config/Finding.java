package io.orderflow.common.config;

import java.util.Collection;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;

/**
 * Something that stands in the way of a connector, found before it starts.
 *
 * @param key the configuration key at fault
 * @param message what was expected, what was found, and what mends it, with the SQL where there is
 *     any
 */
public record Finding(String key, String message) {

  /** Puts each finding on the value of its key, where Connect's REST API shows it. */
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

  /** Whether the configuration itself is sound, so that looking further makes sense. */
  public static boolean isSound(Config config) {
    return config.configValues().stream().allMatch(value -> value.errorMessages().isEmpty());
  }
}
