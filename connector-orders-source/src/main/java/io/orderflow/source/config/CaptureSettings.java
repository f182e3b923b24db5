package io.orderflow.source.config;

import io.orderflow.source.offset.Shards;
import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;

/**
 * How changes are read.
 *
 * @param capture its kind
 * @param snapshotMode whether the orders that exist when capture begins are emitted
 * @param shards fixed shares of the orders
 * @param pollInterval longest wait between two polls
 * @param batchMaxOrders how many orders a task reads at once, at most
 * @param heartbeatTopic topic of the records that only carry a position
 */
public record CaptureSettings(
    String capture,
    String snapshotMode,
    int shards,
    Duration pollInterval,
    int batchMaxOrders,
    String heartbeatTopic) {

  public static final String CAPTURE = "capture";
  static final String SNAPSHOT_MODE = "snapshot.mode";
  static final String NO_DATA = "no_data";
  static final String HEARTBEAT_TOPIC = "heartbeat.topic";
  static final String SHARDS = "capture.shards";
  static final String POLL_INTERVAL = "poll.interval.ms";
  static final String BATCH_MAX_ORDERS = "batch.max.orders";

  private static final String LOG = "log";

  /** Whether orders that are there are told only once they change. */
  public boolean fromNow() {
    return snapshotMode.equals(NO_DATA);
  }

  /** Whether changes are read from the log, else by queries. */
  public boolean fromLog() {
    return capture.equals(LOG);
  }

  static ConfigDef define(ConfigDef definition) {
    SettingsGroup group = new SettingsGroup(definition, "Capture");
    group.define(
        CAPTURE,
        Type.STRING,
        "query",
        ConfigDef.ValidString.in("query", LOG),
        Importance.HIGH,
        "How changes are read. query: with plain SQL, by any role that may SELECT. log: from the"
            + " log, by logical replication, every change and deletes too, tens of milliseconds after their commit.");
    group.define(
        SNAPSHOT_MODE,
        Type.STRING,
        "initial",
        ConfigDef.ValidString.in("initial", NO_DATA),
        Importance.MEDIUM,
        "Whether existing orders are captured on first start. initial: each is emitted as a snapshot"
            + " event; no_data: capture starts with new changes only.");
    group.define(
        SHARDS,
        Type.INT,
        32,
        ConfigDef.Range.between(1, Shards.MOST),
        Importance.MEDIUM,
        "Number of fixed shares of the orders, dealt out to at most tasks.max tasks. The index of"
            + " shop-install.sql and the stored offsets hold it: it is chosen once.");
    group.define(
        POLL_INTERVAL,
        Type.LONG,
        100L,
        ConfigDef.Range.between(1, 60_000),
        Importance.MEDIUM,
        "Longest wait between two polls while nothing changes, in milliseconds. While there is more"
            + " to read, there is none; after that it is a quarter of this.");
    group.define(
        BATCH_MAX_ORDERS,
        Type.INT,
        8_000,
        ConfigDef.Range.between(1, 100_000),
        Importance.MEDIUM,
        "How many orders a task reads at once, at most; each of its shards has an equal part in it."
            + " At least one order is read of each shard.");
    group.define(
        HEARTBEAT_TOPIC,
        Type.STRING,
        "orderflow-heartbeat",
        SettingsGroup.notBlank(),
        Importance.LOW,
        "Topic of the records that only carry a position. capture=log: its heartbeats, with the slot as"
            + " the key and its place in the log as the value. capture=query: with snapshot.mode=no_data, one of"
            + " each shard when capture begins, without key and value. Where neither the broker makes"
            + " topics by itself nor Connect does (topic.creation.default.replication.factor and"
            + " .partitions), create it: Connect waits for a missing topic without end.");
    return definition;
  }

  static CaptureSettings of(AbstractConfig config) {
    return new CaptureSettings(
        config.getString(CAPTURE),
        config.getString(SNAPSHOT_MODE),
        config.getInt(SHARDS),
        Duration.ofMillis(config.getLong(POLL_INTERVAL)),
        config.getInt(BATCH_MAX_ORDERS),
        config.getString(HEARTBEAT_TOPIC));
  }
}
