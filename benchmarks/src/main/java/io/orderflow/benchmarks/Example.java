package io.orderflow.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.stack.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A shipped example's configuration, pointed at a benchmark's database, so that the recommended
 * settings are measured.
 */
public record Example(Map<String, String> config) {

  private static final ObjectMapper JSON = new ObjectMapper();

  public static Example read(Path root, String file) {
    try {
      JsonNode json = JSON.readTree(root.resolve("config-examples").resolve(file).toFile());
      return new Example(texts(json.get("config")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The fields of a JSON object as text, in their order. */
  public static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new LinkedHashMap<>();
    object.properties().forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
    return texts;
  }

  /** Settings, with further ones that win. */
  public static Map<String, String> merged(Map<String, String> some, Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(some);
    all.putAll(more);
    return all;
  }

  public Example on(PostgresServer server, String database) {
    return with("database.url", server.jdbcUrl(database))
        .with("database.user", server.user())
        .with("database.password", server.password());
  }

  public Example with(String key, String value) {
    return new Example(merged(config, Map.of(key, value)));
  }

  /** The settings whose keys match a regular expression. */
  public Example only(String keys) {
    Map<String, String> some = new LinkedHashMap<>(config);
    some.keySet().removeIf(key -> !key.matches(keys));
    return new Example(some);
  }
}
