package io.orderflow.sink;

import io.orderflow.common.build.Version;
import io.orderflow.common.metrics.PluginMetricsAdapter;
import io.orderflow.common.metrics.TaskMetrics;
import io.orderflow.common.metrics.TaskName;
import io.orderflow.sink.apply.InventorySink;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;

/** The shell of a task: {@link InventorySink} does the work. */
public final class InventorySinkTask extends SinkTask {

  /** Set by the connector, since Connect does not pass a task its number. */
  static final String NUMBER = "orderflow.task";

  /** The name of a connector whose settings have none. */
  static final String UNNAMED = "orderflow-inventory-sink";

  /** The name of the plugin in metrics. */
  private static final String PLUGIN = "inventory-sink";

  private @Nullable InventorySink sink;

  @Override
  public String version() {
    return Version.current();
  }

  @Override
  public void start(Map<String, String> settings) {
    sink =
        InventorySink.start(
            new InventorySinkConfig(settings).settings(),
            name(settings),
            context,
            TaskMetrics.open(
                new TaskName(PLUGIN, connector(settings), settings.getOrDefault(NUMBER, "0")),
                () -> new PluginMetricsAdapter(context.pluginMetrics(), PLUGIN)));
  }

  private static String connector(Map<String, String> settings) {
    return settings.getOrDefault("name", UNNAMED);
  }

  private static String name(Map<String, String> settings) {
    String connector = connector(settings);
    String number = settings.get(NUMBER);
    return number == null ? connector : connector + '-' + number;
  }

  @Override
  public void open(Collection<TopicPartition> partitions) {
    InventorySink running = sink;
    if (running != null) {
      running.assigned();
    }
  }

  @Override
  public void put(Collection<SinkRecord> records) {
    InventorySink running = sink;
    if (running != null) {
      running.put(records);
    }
  }

  @Override
  public Map<TopicPartition, OffsetAndMetadata> preCommit(
      Map<TopicPartition, OffsetAndMetadata> current) {
    InventorySink running = sink;
    return running == null ? current : running.committable(current);
  }

  @Override
  public void close(Collection<TopicPartition> partitions) {
    InventorySink running = sink;
    if (running != null) {
      running.release(partitions);
    }
  }

  @Override
  public void stop() {
    InventorySink running = sink;
    if (running != null) {
      running.close();
    }
  }
}
