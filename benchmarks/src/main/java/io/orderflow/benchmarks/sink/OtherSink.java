package io.orderflow.benchmarks.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.stack.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A sink from the folder of other sinks, as its JSON configures it.
 *
 * @param config with placeholders for what differs from run to run
 */
record OtherSink(Connectors connectors, String name, Map<String, String> config)
    implements Contestant {

  static final String KIND = "other";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads what {@code POST /connectors} takes: an object with {@code name} and {@code config}. */
  static OtherSink read(Connectors connectors, Path file) {
    try {
      JsonNode json = JSON.readTree(file.toFile());
      Map<String, String> config = new LinkedHashMap<>();
      json.path("config")
          .properties()
          .forEach(setting -> config.put(setting.getKey(), setting.getValue().asText()));
      String name = json.path("name").asText();
      if (config.isEmpty() || name.isEmpty()) {
        throw new IllegalArgumentException("Expected an object with name and config in " + file);
      }
      return new OtherSink(connectors, name, config);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read " + file, e);
    }
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public boolean takes(Workload workload) {
    return workload.name().equals(Payments.NAME);
  }

  @Override
  public void renew() {
    connectors.renew();
  }

  @Override
  public Running start(Run run) {
    PostgresServer server = connectors.postgres();
    Map<String, String> filled = connectors.common(run);
    config.forEach(
        (key, value) ->
            filled.put(
                key,
                value
                    .replace("${url}", server.jdbcUrl(run.database()))
                    .replace("${user}", server.user())
                    .replace("${password}", server.password())
                    .replace("${topic}", run.workload().topic())
                    .replace("${table}", "payments")
                    .replace("${tasks}", Integer.toString(run.tasks()))));
    return connectors.start(name, run, filled);
  }
}
