package io.orderflow.benchmarks.plugin;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** Takes records and drops them: what is left is the speed of Connect itself. */
public final class NoOpSinkConnector extends SinkConnector {

  @Override
  public void start(Map<String, String> settings) {}

  @Override
  public void stop() {}

  @Override
  public Class<? extends Task> taskClass() {
    return NoOpSinkTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return Collections.nCopies(maxTasks, Map.of());
  }

  @Override
  public ConfigDef config() {
    return new ConfigDef();
  }

  @Override
  public String version() {
    return NoOpSinkTask.VERSION;
  }
}
