package io.orderflow.source;

import io.orderflow.common.build.Version;
import io.orderflow.common.database.Database;
import io.orderflow.common.metrics.PluginMetricsAdapter;
import io.orderflow.common.metrics.TaskMetrics;
import io.orderflow.common.metrics.TaskName;
import io.orderflow.source.capture.Capture;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.handover.ShardTakeover;
import io.orderflow.source.log.LogCapture;
import io.orderflow.source.log.LogSessionFactory;
import io.orderflow.source.metrics.SourceMetrics;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.query.QueryCapture;
import io.orderflow.source.record.EventRecords;
import io.orderflow.source.validate.LogStartCheck;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/** The shell that Connect sees; a {@link Capture} does the work. */
public final class OrdersSourceTask extends SourceTask {

  /** As metrics name it. */
  static final String PLUGIN = "orders-source";

  private final InstantSource clock;

  private volatile @Nullable Capture capture;

  /** As Connect makes it. */
  public OrdersSourceTask() {
    this(InstantSource.system());
  }

  /**
   * A task that has not been started.
   *
   * @param clock says how long Kafka transactions of log capture have lasted
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
    capture = config.capture().fromLog() ? logCapture(config) : queryCapture(config);
  }

  private Capture queryCapture(OrdersSourceConfig config) {
    List<Integer> shards = config.taskShards();
    StoredPositions positions = new StoredPositions(context.offsetStorageReader());
    Map<Integer, ShardOffset> stored = positions.of(config, shards);
    @Nullable LogOffset ofLog = positions.ofLog(config);
    Database database =
        Database.open(
            config.queryDatabase(),
            Database.Mode.SNAPSHOT_READ_ONLY,
            "orderflow-orders-source " + config.name(),
            1);
    return new QueryCapture(
        config,
        shards,
        stored,
        ofLog == null ? null : new ShardTakeover(config, ofLog),
        database,
        metrics(config));
  }

  private Capture logCapture(OrdersSourceConfig config) {
    StoredPositions positions = new StoredPositions(context.offsetStorageReader());
    SourceMetrics metrics = metrics(config);
    return new LogCapture(
        config,
        new LogSessionFactory(
            config.logPlan(),
            config.queryDatabase(),
            new LogStartCheck(config),
            positions.ofLog(config),
            positions.ofShards(config),
            metrics),
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
    Capture running = capture;
    return running == null ? null : running.poll();
  }

  @Override
  public void commitRecord(SourceRecord record, @Nullable RecordMetadata metadata) {
    EventRecords.sent(record);
    Capture running = capture;
    if (running != null) {
      running.delivered(record);
    }
  }

  @Override
  public void commit() {
    Capture running = capture;
    if (running != null) {
      running.committed();
    }
  }

  @Override
  public void stop() {
    Capture running = capture;
    if (running != null) {
      running.close();
    }
  }
}
