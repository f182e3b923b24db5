package io.orderflow.quickstart.setup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connector's configuration as it is POSTed to {@code /connectors}, with placeholders like {@code
 * ${env:SHOP_DATABASE_URL}} for what differs from one installation to the next.
 *
 * <p>Connect's EnvVarConfigProvider fills such placeholders from the workers' environment. The
 * quickstart cannot use it, since it learns the addresses only after the workers have started, so
 * it fills them itself, and changes nothing else.
 */
public record ConnectorFile(String name, String json) {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{env:([A-Za-z_0-9]+)}");
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads a file and fills its placeholders.
   *
   * @throws IllegalArgumentException for a placeholder without a value, naming it
   */
  public static ConnectorFile read(Path file, Map<String, String> values) {
    try {
      return filled(Files.readString(file), values);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read " + file, e);
    }
  }

  static ConnectorFile filled(String text, Map<String, String> values) {
    String json = PLACEHOLDER.matcher(text).replaceAll(replacement(values));
    try {
      return new ConnectorFile(JSON.readTree(json).path("name").asText(), json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
    }
  }

  private static Function<MatchResult, String> replacement(Map<String, String> values) {
    return place -> {
      String value = values.get(place.group(1));
      if (value == null) {
        throw new IllegalArgumentException(
            "no value for " + place.group() + "; there are values for " + values.keySet());
      }
      String escaped = JSON.getNodeFactory().textNode(value).toString();
      return Matcher.quoteReplacement(escaped.substring(1, escaped.length() - 1));
    };
  }

  /** A setting of the connector. */
  public String setting(String key) {
    return config().path(key).asText();
  }

  /** All settings, with the connector's name. */
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("name", name);
    config().properties().forEach(at -> settings.put(at.getKey(), at.getValue().asText()));
    return settings;
  }

  private JsonNode config() {
    try {
      return JSON.readTree(json).path("config");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
    }
  }
}
