package io.orderflow.common.config;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Settings that belong together: a section of the reference page. Their order is the order of
 * declaration.
 *
 * @param name the section's heading
 */
public record SettingsGroup(String name, List<Setting> settings) {

  public static SettingsGroup of(String name, Setting... settings) {
    return new SettingsGroup(name, List.of(settings));
  }

  /** The settings of a connector, group by group. */
  public static ConfigDef define(List<SettingsGroup> groups) {
    ConfigDef definition = new ConfigDef();
    for (SettingsGroup group : groups) {
      group.settings.forEach(setting -> setting.addTo(definition, group.name));
    }
    return definition;
  }
}
