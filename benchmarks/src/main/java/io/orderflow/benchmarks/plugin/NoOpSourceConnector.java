package io.orderflow.benchmarks.plugin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/** Sends the same order events again and again, so that Connect itself is measured. */
public final class NoOpSourceConnector extends SourceConnector {

  /** The topic of the events. */
  public static final String TOPIC = "topic";

  /** How many events all tasks send together. */
  public static final String COUNT = "count";

  private Map<String, String> settings = Map.of();

  @Override
  public void start(Map<String, String> configured) {
    settings = Map.copyOf(configured);
  }

  @Override
  public void stop() {}

  @Override
  public Class<? extends Task> taskClass() {
    return NoOpSourceTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    int count = Integer.parseInt(settings.getOrDefault(COUNT, "0"));
    List<Map<String, String>> tasks = new ArrayList<>();
    for (int task = 0; task < maxTasks; task++) {
      Map<String, String> share = new HashMap<>(settings);
      int events = count / maxTasks + (task < count % maxTasks ? 1 : 0);
      share.put(COUNT, Integer.toString(events));
      share.put(NoOpSourceTask.TASK, Integer.toString(task));
      tasks.add(share);
    }
    return tasks;
  }

  @Override
  public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> configured) {
    return ExactlyOnceSupport.SUPPORTED;
  }

  @Override
  public ConfigDef config() {
    return new ConfigDef()
        .define(TOPIC, ConfigDef.Type.STRING, ConfigDef.Importance.HIGH, "Topic of the events")
        .define(COUNT, ConfigDef.Type.INT, ConfigDef.Importance.HIGH, "Number of events");
  }

  @Override
  public String version() {
    return NoOpSinkConnector.VERSION;
  }
}
