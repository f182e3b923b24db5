package io.orderflow.source.config;

import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.common.config.Validators;
import io.orderflow.source.offset.Shards;
import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Type;

/**
 * How changes are read.
 *
 * @param capture the capture, {@code query} or {@code log}
 * @param snapshotMode whether the orders that exist when capture begins are emitted
 * @param shards number of fixed shares of the orders
 * @param pollInterval maximum wait between two polls
 * @param batchMaxOrders maximum number of orders that a task reads at once
 * @param heartbeatTopic topic of the records that only carry an offset
 */
public record CaptureSettings(
    String capture,
    String snapshotMode,
    int shards,
    Duration pollInterval,
    int batchMaxOrders,
    String heartbeatTopic) {

  public static final String CAPTURE = "capture";
  public static final String SNAPSHOT_MODE = "snapshot.mode";
  public static final String SHARDS = "capture.shards";
  public static final String POLL_INTERVAL = "poll.interval.ms";
  public static final String BATCH_MAX_ORDERS = "batch.max.orders";
  public static final String HEARTBEAT_TOPIC = "heartbeat.topic";

  private static final String QUERY = "query";
  private static final String LOG = "log";
  private static final String INITIAL = "initial";
  private static final String NO_DATA = "no_data";

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Capture",
          Setting.of(CAPTURE, Type.STRING)
              .defaultsTo(QUERY)
              .oneOf(QUERY, LOG)
              .high()
              .documented(
                  "How changes are read. query: with plain SQL, by any role that may SELECT. log: from"
                      + " the write-ahead log by logical replication; it emits every change, deletes"
                      + " included, tens of milliseconds after the commit."),
          Setting.of(SNAPSHOT_MODE, Type.STRING)
              .defaultsTo(INITIAL)
              .oneOf(INITIAL, NO_DATA)
              .documented(
                  "Whether existing orders are captured on first start. initial: each is emitted as a"
                      + " snapshot event; no_data: capture starts with new changes only."),
          Setting.of(SHARDS, Type.INT)
              .defaultsTo(32)
              .between(1, Shards.MAX)
              .documented(
                  "Number of fixed shares of the orders, distributed over at most tasks.max tasks. The"
                      + " index of shop-install.sql and the stored offsets depend on it, so it is"
                      + " chosen once."),
          Setting.of(POLL_INTERVAL, Type.LONG)
              .defaultsTo(100L)
              .between(1, 60_000)
              .documented(
                  "Maximum wait for changes when idle, in milliseconds. capture=query: the wait between"
                      + " two polls; a connector that is behind polls at once, and one that has just"
                      + " caught up waits a quarter of it. capture=log: a change ends the wait."),
          Setting.of(BATCH_MAX_ORDERS, Type.INT)
              .defaultsTo(8_000)
              .between(1, 100_000)
              .documented(
                  "Maximum number of orders that a task reads at once. Its shards have equal parts of"
                      + " it, of at least one order each."),
          Setting.of(HEARTBEAT_TOPIC, Type.STRING)
              .defaultsTo("orderflow-heartbeat")
              .validatedBy(Validators.topic())
              .low()
              .documented(
                  "Topic of the records that only carry an offset. capture=log: its heartbeats, with"
                      + " the slot as the key and its LSN in the value. capture=query with"
                      + " snapshot.mode=no_data: one record of each shard when capture begins. Create the topic if neither the broker creates topics nor"
                      + " Connect does (topic.creation.default.replication.factor and .partitions):"
                      + " Connect waits for a missing topic forever."));

  /** Whether existing orders are emitted only once they change. */
  public boolean fromNow() {
    return snapshotMode.equals(NO_DATA);
  }

  /** Whether changes are read from the log; otherwise by queries. */
  public boolean fromLog() {
    return capture.equals(LOG);
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
