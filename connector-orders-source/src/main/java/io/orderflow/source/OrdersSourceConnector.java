package io.orderflow.source;

import io.orderflow.common.build.Version;
import io.orderflow.common.config.Finding;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.offset.Shards;
import io.orderflow.source.validate.Preflight;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Captures orders from PostgreSQL, each with its items as one event. */
public final class OrdersSourceConnector extends SourceConnector {

  private static final Logger LOG = LoggerFactory.getLogger(OrdersSourceConnector.class);

  private @Nullable OrdersSourceConfig config;

  @Override
  public String version() {
    return Version.current();
  }

  @Override
  public ConfigDef config() {
    return OrdersSourceConfig.definition();
  }

  @Override
  public Class<? extends Task> taskClass() {
    return OrdersSourceTask.class;
  }

  /** Checks before any task starts whether the stored offsets fit the configuration. */
  @Override
  public void start(Map<String, String> settings) {
    OrdersSourceConfig parsed = new OrdersSourceConfig(settings).sound();
    OrdersSourceConfig.unknownSettings(settings).warn(LOG);
    StoredOffsets stored = new StoredOffsets(context().offsetStorageReader(), parsed);
    if (parsed.capture().fromLog()) {
      stored.readQuery();
      stored.readLog();
    } else {
      stored.readShards(IntStream.range(0, parsed.shards()).boxed().toList());
    }
    config = parsed;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    OrdersSourceConfig started = config;
    if (started == null) {
      throw new IllegalStateException("The connector has not been started");
    }
    if (started.capture().fromLog()) {
      // A slot has one reader.
      return List.of(started.originalsStrings());
    }
    List<List<Integer>> assigned = Shards.assign(started.shards(), maxTasks);
    return IntStream.range(0, assigned.size())
        .mapToObj(
            number -> {
              Map<String, String> settings = new HashMap<>(started.originalsStrings());
              settings.put(
                  OrdersSourceConfig.TASK_SHARDS, OrdersSourceConfig.listOf(assigned.get(number)));
              settings.put(OrdersSourceConfig.TASK_NUMBER, Integer.toString(number));
              return settings;
            })
        .toList();
  }

  @Override
  public void stop() {
    config = null;
  }

  /** Checks the settings and, if they are valid, the database. */
  @Override
  public Config validate(Map<String, String> settings) {
    Config result = super.validate(settings);
    Finding.report(OrdersSourceConfig.unknownSettings(settings).findings(), result);
    if (Finding.isSound(result)) {
      Finding.report(new OrdersSourceConfig(settings).findings(), result);
    }
    if (Finding.isSound(result)) {
      Finding.report(Preflight.of(new OrdersSourceConfig(settings)).findings(), result);
    }
    return result;
  }

  @Override
  public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> settings) {
    return ExactlyOnceSupport.SUPPORTED;
  }

  @Override
  public ConnectorTransactionBoundaries canDefineTransactionBoundaries(
      Map<String, String> settings) {
    return new OrdersSourceConfig(settings).capture().fromLog()
        ? ConnectorTransactionBoundaries.SUPPORTED
        : ConnectorTransactionBoundaries.UNSUPPORTED;
  }

  @Override
  public boolean alterOffsets(
      Map<String, String> settings, Map<Map<String, ?>, Map<String, ?>> offsets) {
    new OffsetAlteration(new OrdersSourceConfig(settings)).check(offsets);
    return true;
  }
}
