package io.orderflow.benchmarks.plugin;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/** Takes records and drops them, so that Connect itself is measured. */
public final class NoOpSinkConnector extends SinkConnector {

  static final String VERSION = "1";

  /** Its records are converted and dropped. */
  public static final class DroppingTask extends SinkTask {

    @Override
    public void start(Map<String, String> settings) {}

    @Override
    public void put(Collection<SinkRecord> records) {}

    @Override
    public void stop() {}

    @Override
    public String version() {
      return VERSION;
    }
  }

  @Override
  public void start(Map<String, String> settings) {}

  @Override
  public void stop() {}

  @Override
  public Class<? extends Task> taskClass() {
    return DroppingTask.class;
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
    return VERSION;
  }
}
