package io.orderflow.source.record;

import io.orderflow.common.database.TableName;
import io.orderflow.source.config.CaptureSettings;
import io.orderflow.source.config.LogSettings;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.offset.LogOffset;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.offset.Shards;
import io.orderflow.source.offset.SourceOffset;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records that carry an offset and no order: Connect stores offsets with records only. In log
 * capture they are due from time to time while no order changes, since the slot is not acknowledged
 * beyond what is stored. For one thread.
 */
public final class Heartbeats {

  private static final Logger log = LoggerFactory.getLogger(Heartbeats.class);

  /** A field of the value. */
  private static final String POSITION = "position";

  /**
   * A struct, since transformations of values refuse other types, and since a record without value
   * would be removed by a filter of tombstones, and its offset with it.
   */
  private static final Schema VALUE =
      SchemaBuilder.struct()
          .name("io.orderflow.Heartbeat")
          .version(1)
          .field(POSITION, Schema.STRING_SCHEMA)
          .build();

  private final String topic;
  private final TableName orders;
  private final LogSettings settings;
  private final InstantSource clock;

  /** Whether the first record is due at once. */
  private boolean firstIsDue;

  private long lastSent = System.nanoTime();
  private @Nullable Lsn lastLsn;

  private Heartbeats(OrdersSourceConfig config, boolean firstIsDue, InstantSource clock) {
    this.topic = config.capture().heartbeatTopic();
    this.orders = config.tables().orders();
    this.settings = config.log();
    this.firstIsDue = firstIsDue;
    this.clock = clock;
  }

  /** Heartbeats of query capture, which has a record for each offset that it must store at once. */
  public static Heartbeats ofQuery(OrdersSourceConfig config) {
    return new Heartbeats(config, false, InstantSource.system());
  }

  /**
   * Heartbeats of log capture.
   *
   * @param firstIsDue whether the first record is due at once
   */
  public static Heartbeats ofLog(OrdersSourceConfig config, boolean firstIsDue) {
    Heartbeats heartbeats = new Heartbeats(config, firstIsDue, InstantSource.system());
    heartbeats.warnOfMissingTopic(config.originalsStrings());
    return heartbeats;
  }

  /**
   * Connect does not let a connector know which topics exist, nor whether the broker creates any.
   */
  private void warnOfMissingTopic(Map<String, String> connector) {
    boolean createsTopics =
        connector.keySet().stream().anyMatch(key -> key.startsWith("topic.creation.default."));
    if (!createsTopics && (firstIsDue || !settings.heartbeatInterval().isZero())) {
      log.warn(
          "{}: the topic {} must exist, or the broker must create topics automatically, since Connect"
              + " creates it only if topic.creation.default.replication.factor and"
              + " topic.creation.default.partitions are set. If it is missing, the task hangs at its"
              + " first heartbeat without a message",
          CaptureSettings.HEARTBEAT_TOPIC,
          topic);
    }
  }

  /** Notes that other records have carried an offset. */
  public void offsetSent() {
    firstIsDue = false;
    lastSent = System.nanoTime();
  }

  /** Whether a heartbeat is due with an offset of log capture. */
  public boolean isDue(LogOffset offset) {
    Duration interval = settings.heartbeatInterval();
    return offset.isAtTransactionBoundary()
        && (firstIsDue
            || (!interval.isZero()
                && !offset.lsn().equals(lastLsn)
                && System.nanoTime() - lastSent >= interval.toNanos()));
  }

  /** A heartbeat of log capture. Key: the slot's name; position: the LSN. */
  public SourceRecord record(Map<String, Object> partition, LogOffset offset) {
    offsetSent();
    lastLsn = offset.lsn();
    return record(partition, offset, settings.slot(), offset.lsn().toString());
  }

  /**
   * A record that stores an offset of query capture. Key: the orders table and the shard; position:
   * the transaction ID.
   */
  public SourceRecord record(int shard, ShardOffset offset) {
    return record(
        Shards.partition(orders, shard), offset, orders + "/" + shard, Long.toString(offset.xid()));
  }

  private SourceRecord record(
      Map<String, Object> partition, SourceOffset offset, String key, String position) {
    return new SourceRecord(
        partition,
        offset.toMap(),
        topic,
        null,
        Schema.STRING_SCHEMA,
        key,
        VALUE,
        new Struct(VALUE).put(POSITION, position),
        clock.millis());
  }
}
