package io.orderflow.source;

import io.orderflow.common.build.Version;
import io.orderflow.common.config.Finding;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Shards;
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

/** Captures orders from a shop's PostgreSQL, each with its items as one event. */
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

  /** Finds out at once, before any task, whether the stored offsets fit the configuration. */
  @Override
  public void start(Map<String, String> settings) {
    OrdersSourceConfig parsed = new OrdersSourceConfig(settings).sound();
    OrdersSourceConfig.unknownSettings(settings).warn(LOG);
    StoredPositions stored = new StoredPositions(context().offsetStorageReader());
    if (parsed.capture().fromLog()) {
      stored.ofShards(parsed);
      stored.ofLog(parsed);
      config = parsed;
      return;
    }
    List<Integer> all = IntStream.range(0, parsed.shards()).boxed().toList();
    stored.of(parsed, all);
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
    List<List<Integer>> dealt = Shards.deal(started.shards(), maxTasks);
    return IntStream.range(0, dealt.size())
        .mapToObj(
            number -> {
              Map<String, String> settings = new HashMap<>(started.originalsStrings());
              settings.put(
                  OrdersSourceConfig.TASK_SHARDS, OrdersSourceConfig.listOf(dealt.get(number)));
              settings.put(OrdersSourceConfig.TASK_NUMBER, Integer.toString(number));
              return settings;
            })
        .toList();
  }

  @Override
  public void stop() {
    config = null;
  }

  /** Checks the settings, and if they have no errors, the database. */
  @Override
  public Config validate(Map<String, String> settings) {
    Config result = super.validate(settings);
    Finding.report(OrdersSourceConfig.unknownSettings(settings).findings(), result);
    if (Finding.isSound(result)) {
      Finding.report(new OrdersSourceConfig(settings).findings(), result);
    }
    if (Finding.isSound(result)) {
      Finding.report(new OrdersSourceConfig(settings).preflight().findings(), result);
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
    OrdersSourceConfig altered = new OrdersSourceConfig(settings);
    // Whichever capture is configured: offsets of the other lie beside.
    Map<Map<String, ?>, Map<String, ?>> ofLog = new HashMap<>(offsets);
    ofLog.keySet().retainAll(LogOffset.partitionsOfSlots(offsets.keySet()));
    Map<Map<String, ?>, Map<String, ?>> ofShards = new HashMap<>(offsets);
    ofShards.keySet().removeAll(ofLog.keySet());
    new LogOffsetAlteration(altered, altered.log().slot()).check(ofLog);
    OffsetAlteration.check(altered, ofShards);
    return true;
  }
}
