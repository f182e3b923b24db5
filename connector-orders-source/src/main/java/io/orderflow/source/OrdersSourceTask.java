package io.orderflow.source;

import io.orderflow.common.build.Version;
import io.orderflow.common.metrics.PluginMetricsAdapter;
import io.orderflow.common.metrics.TaskMetrics;
import io.orderflow.common.metrics.TaskName;
import io.orderflow.source.capture.Capture;
import io.orderflow.source.capture.CaptureLoop;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.handover.Handover;
import io.orderflow.source.log.LogCapture;
import io.orderflow.source.metrics.SourceMetrics;
import io.orderflow.source.query.QueryCapture;
import io.orderflow.source.record.EventRecords;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/** The shell that Connect sees; a {@link CaptureLoop} does the work. */
public final class OrdersSourceTask extends SourceTask {

  /** The plugin's name in metrics. */
  static final String PLUGIN = "orders-source";

  private final InstantSource clock;

  private volatile @Nullable CaptureLoop loop;

  /** The constructor that Connect calls. */
  public OrdersSourceTask() {
    this(InstantSource.system());
  }

  /**
   * Creates a task that is not started.
   *
   * @param clock measures the duration of log capture's Kafka transactions
   */
  OrdersSourceTask(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public String version() {
    return Version.current();
  }

  @Override
  public void start(Map<String, String> settings) {
    OrdersSourceConfig config = new OrdersSourceConfig(settings).sound();
    StoredOffsets stored = new StoredOffsets(context.offsetStorageReader(), config);
    SourceMetrics metrics = metrics(config);
    Capture capture =
        config.capture().fromLog()
            ? logCapture(config, stored, metrics)
            : queryCapture(config, stored, metrics);
    loop = new CaptureLoop(capture, config, metrics);
  }

  private static Capture queryCapture(
      OrdersSourceConfig config, StoredOffsets stored, SourceMetrics metrics) {
    List<Integer> shards = config.taskShards();
    return new QueryCapture(
        config,
        shards,
        Handover.toQuery(config, shards, stored.readShards(shards), stored.readLog()),
        metrics);
  }

  private Capture logCapture(
      OrdersSourceConfig config, StoredOffsets stored, SourceMetrics metrics) {
    return new LogCapture(
        config,
        Handover.toLog(config, stored.readQuery(), stored.readLog()),
        context.transactionContext(),
        metrics,
        clock);
  }

  private SourceMetrics metrics(OrdersSourceConfig config) {
    TaskName task =
        new TaskName(PLUGIN, config.name(), config.getString(OrdersSourceConfig.TASK_NUMBER));
    return new SourceMetrics(
        TaskMetrics.open(task, () -> new PluginMetricsAdapter(context.pluginMetrics(), PLUGIN)),
        InstantSource.system());
  }

  @Override
  public @Nullable List<SourceRecord> poll() {
    CaptureLoop running = loop;
    return running == null ? null : running.poll();
  }

  @Override
  public void commitRecord(SourceRecord record, @Nullable RecordMetadata metadata) {
    EventRecords.sent(record);
    CaptureLoop running = loop;
    if (running != null) {
      running.delivered(record);
    }
  }

  @Override
  public void commit() {
    CaptureLoop running = loop;
    if (running != null) {
      running.committed();
    }
  }

  @Override
  public void stop() {
    CaptureLoop running = loop;
    if (running != null) {
      running.close();
    }
  }
}
