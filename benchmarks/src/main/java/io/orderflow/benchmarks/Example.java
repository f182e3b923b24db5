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
 * A shipped example's configuration, pointed at a benchmark's database: what is measured is what
 * users are told to use.
 */
public record Example(Map<String, String> config) {

  private static final ObjectMapper JSON = new ObjectMapper();

  public static Example read(Path root, String file) {
    try {
      JsonNode json = JSON.readTree(root.resolve("config-examples").resolve(file).toFile());
      Map<String, String> config = new LinkedHashMap<>();
      json.get("config").properties().forEach(e -> config.put(e.getKey(), e.getValue().asText()));
      return new Example(config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Example on(PostgresServer server, String database) {
    return with("database.url", server.jdbcUrl(database))
        .with("database.user", server.user())
        .with("database.password", server.password());
  }

  public Example with(String key, String value) {
    Map<String, String> changed = new LinkedHashMap<>(config);
    changed.put(key, value);
    return new Example(changed);
  }

  /** Those settings whose keys match a regular expression. */
  public Example only(String keys) {
    Map<String, String> some = new LinkedHashMap<>(config);
    some.keySet().removeIf(key -> !key.matches(keys));
    return new Example(some);
  }
}
