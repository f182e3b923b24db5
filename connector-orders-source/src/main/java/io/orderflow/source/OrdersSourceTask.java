package io.orderflow.source;

import io.orderflow.common.build.Version;
import io.orderflow.common.database.Database;
import io.orderflow.source.event.ShardPosition;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/** The shell that Connect sees; {@link QueryCapture} does the work. */
public final class OrdersSourceTask extends SourceTask {

  private volatile @Nullable QueryCapture capture;

  @Override
  public String version() {
    return Version.current();
  }

  @Override
  public void start(Map<String, String> settings) {
    OrdersSourceConfig config = new OrdersSourceConfig(settings);
    List<Integer> shards = config.taskShards();
    Map<Integer, ShardPosition> stored =
        new StoredPositions(context.offsetStorageReader()).of(config, shards);
    Database database =
        Database.open(
            config.queryDatabase(),
            Database.Mode.SNAPSHOT_READ_ONLY,
            "orderflow-orders-source " + settings.getOrDefault("name", ""),
            1);
    capture = new QueryCapture(config, shards, stored, database);
  }

  @Override
  public @Nullable List<SourceRecord> poll() {
    QueryCapture running = capture;
    return running == null ? null : running.poll();
  }

  @Override
  public void stop() {
    QueryCapture running = capture;
    if (running != null) {
      running.close();
    }
  }
}
