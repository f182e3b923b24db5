package io.orderflow.sink;

import io.orderflow.common.build.Version;
import io.orderflow.common.config.Finding;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the orders, inventory updates and payment updates of Kafka topics to the stock and the
 * payments of a PostgreSQL database.
 */
public final class InventorySinkConnector extends SinkConnector {

  private static final Logger LOG = LoggerFactory.getLogger(InventorySinkConnector.class);

  private Map<String, String> settings = Map.of();

  @Override
  public String version() {
    return Version.current();
  }

  @Override
  public ConfigDef config() {
    return InventorySinkConfig.definition();
  }

  @Override
  public Class<? extends Task> taskClass() {
    return InventorySinkTask.class;
  }

  @Override
  public void start(Map<String, String> settings) {
    // A contradiction fails the connector, instead of each of its tasks.
    new InventorySinkConfig(settings).settings();
    InventorySinkConfig.unknownSettings(settings).warn(LOG);
    this.settings = Collections.unmodifiableMap(new HashMap<>(settings));
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return IntStream.range(0, maxTasks).mapToObj(this::taskConfig).toList();
  }

  private Map<String, String> taskConfig(int number) {
    Map<String, String> config = new HashMap<>(settings);
    config.put(InventorySinkTask.NUMBER, Integer.toString(number));
    return Map.copyOf(config);
  }

  @Override
  public void stop() {}

  /** Checks the settings, and if they have no errors, the database. */
  @Override
  public Config validate(Map<String, String> settings) {
    Config config = super.validate(settings);
    Finding.report(InventorySinkConfig.unknownSettings(settings).findings(), config);
    if (Finding.isSound(config)) {
      Finding.report(new InventorySinkConfig(settings).findings(), config);
    }
    if (Finding.isSound(config)) {
      Finding.report(new InventorySinkConfig(settings).preflight().check(), config);
    }
    return config;
  }
}
