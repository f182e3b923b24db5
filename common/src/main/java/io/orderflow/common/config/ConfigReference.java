package io.orderflow.common.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;

/** Generates the reference page of a connector's settings from their definition. */
public final class ConfigReference {

  private ConfigReference() {}

  /** Writes a Markdown page with a section for each group and a row for each setting. */
  public static String markdown(String title, String introduction, ConfigDef definition) {
    StringBuilder page = new StringBuilder();
    page.append("<!-- Generated from the code; a test fails if this page is out of date. -->\n\n# ")
        .append(title)
        .append("\n\n");
    page.append(introduction.strip()).append('\n');
    for (String group : groups(definition)) {
      page.append("\n## ").append(group).append("\n\n");
      page.append("| setting | type | default | valid values | description |\n");
      page.append("|---|---|---|---|---|\n");
      keys(definition).stream()
          .filter(key -> group.equals(key.group))
          .forEach(key -> page.append(row(key)));
    }
    return page.toString();
  }

  private static List<String> groups(ConfigDef definition) {
    return keys(definition).stream().map(key -> key.group).distinct().toList();
  }

  private static List<ConfigKey> keys(ConfigDef definition) {
    List<ConfigKey> keys = new ArrayList<>(definition.configKeys().values());
    keys.removeIf(key -> key.internalConfig || key.group == null);
    keys.sort((a, b) -> Integer.compare(a.orderInGroup, b.orderInGroup));
    return keys;
  }

  private static String row(ConfigKey key) {
    return "| `%s` | %s | %s | %s | %s |%n"
        .formatted(
            key.name,
            key.type.toString().toLowerCase(Locale.ROOT),
            defaultOf(key),
            key.validator == null ? "" : escape(Objects.toString(key.validator)),
            escape(key.documentation))
        .replace("\r\n", "\n");
  }

  private static String defaultOf(ConfigKey key) {
    if (!key.hasDefault()) {
      return "**required**";
    }
    Object value = key.defaultValue;
    if (value == null || value.equals("") || value.equals(List.of())) {
      return "none";
    }
    String text =
        value instanceof List<?> list
            ? String.join(",", list.toArray(new String[0]))
            : value.toString();
    return "`" + text + "`";
  }

  private static String escape(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
