package io.orderflow.source.config;

import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.common.config.Validators;
import java.time.Duration;
import java.util.Locale;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Type;

/**
 * How the log is read, if {@code capture} is {@code log}.
 *
 * @param slot name of the replication slot
 * @param publication name of the publication
 * @param autocreate whether a missing publication is created
 * @param failover whether standbys keep a copy of the slot
 * @param ignoresPartitionRemoval whether capture continues after a partition was removed
 * @param heartbeatInterval interval of heartbeats while no order changes; zero for none
 * @param heartbeatTopic topic of the heartbeats
 * @param snapshotMaxThreads how many chunks of the initial snapshot are read at the same time
 * @param snapshotChunkSize how many orders a chunk has
 */
public record LogSettings(
    String slot,
    String publication,
    boolean autocreate,
    boolean failover,
    boolean ignoresPartitionRemoval,
    Duration heartbeatInterval,
    String heartbeatTopic,
    int snapshotMaxThreads,
    int snapshotChunkSize) {

  public static final String SLOT = "slot.name";
  public static final String FAILOVER = "slot.failover";
  public static final String PUBLICATION = "publication.name";
  public static final String AUTOCREATE_MODE = "publication.autocreate.mode";
  public static final String PARTITION_REMOVAL_MODE = "partition.removal.mode";
  public static final String HEARTBEAT_INTERVAL = "heartbeat.interval.ms";
  public static final String SNAPSHOT_MAX_THREADS = "snapshot.max.threads";
  public static final String SNAPSHOT_CHUNK_SIZE = "snapshot.chunk.size";

  private static final String FILTERED = "filtered";
  private static final String DISABLED = "disabled";
  private static final String STOP = "stop";
  private static final String IGNORE = "ignore";
  private static final String PREFIX = "orderflow_";
  private static final int MAX_NAME_LENGTH = 63;

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Log",
          Setting.of(SLOT, Type.STRING)
              .optional()
              .validatedBy(
                  Validators.emptyOr(
                      Validators.parsedBy(LogSettings::requireSlotName, "a slot name")))
              .high()
              .documented(
                  "capture=log: name of the replication slot, which the connector creates and no other"
                      + " connector may use: lower-case letters, digits and underscores. Default:"
                      + " orderflow_ and the connector's name, with a hash if the name has other"
                      + " characters."),
          Setting.of(FAILOVER, Type.BOOLEAN)
              .defaultsTo(false)
              .documented(
                  "capture=log: whether standbys of PostgreSQL 17 and later keep a copy of the slot, so"
                      + " that capture continues after a failover. The standby needs"
                      + " sync_replication_slots=on."),
          Setting.of(PUBLICATION, Type.STRING)
              .defaultsTo("orderflow")
              .validatedBy(Validators.notBlank())
              .high()
              .documented("capture=log: name of the publication of the captured tables."),
          Setting.of(AUTOCREATE_MODE, Type.STRING)
              .defaultsTo(FILTERED)
              .oneOf(FILTERED, DISABLED)
              .low()
              .documented(
                  "capture=log: what happens if the publication does not exist. filtered: the connector"
                      + " creates it for its tables, which its role must own; disabled: validate"
                      + " reports it."),
          Setting.of(PARTITION_REMOVAL_MODE, Type.STRING)
              .defaultsTo(STOP)
              .oneOf(STOP, IGNORE)
              .documented(
                  "What happens if a partition of a captured table is detached or dropped, as to archive"
                      + " old orders; neither the log nor a trigger shows the rows that disappear with"
                      + " it. stop: the task stops and says so; ignore: a warning is logged, and"
                      + " the orders remain in the topic as they are. Changes of the partition that"
                      + " were not emitted before are skipped: remove it once capture has caught up."),
          Setting.of(HEARTBEAT_INTERVAL, Type.LONG)
              .defaultsTo(60_000L)
              .between(0, 86_400_000)
              .documented(
                  "capture=log: interval of the records that go to heartbeat.topic while no order"
                      + " changes, in milliseconds. They move the slot forward, so that the server can"
                      + " remove its log. 0: none."),
          Setting.of(SNAPSHOT_MAX_THREADS, Type.INT)
              .defaultsTo(2)
              .between(1, 64)
              .documented(
                  "capture=log: number of connections that read the initial snapshot at the same"
                      + " time."),
          Setting.of(SNAPSHOT_CHUNK_SIZE, Type.INT)
              .defaultsTo(5_000)
              .between(1, 1_000_000)
              .low()
              .documented(
                  "capture=log: number of orders that each connection of the initial snapshot reads at"
                      + " once."));

  static LogSettings of(AbstractConfig config, String connector) {
    String slot = config.getString(SLOT);
    return new LogSettings(
        slot == null || slot.isBlank() ? defaultSlot(connector) : slot,
        config.getString(PUBLICATION),
        config.getString(AUTOCREATE_MODE).equals(FILTERED),
        config.getBoolean(FAILOVER),
        config.getString(PARTITION_REMOVAL_MODE).equals(IGNORE),
        Duration.ofMillis(config.getLong(HEARTBEAT_INTERVAL)),
        config.getString(CaptureSettings.HEARTBEAT_TOPIC),
        config.getInt(SNAPSHOT_MAX_THREADS),
        config.getInt(SNAPSHOT_CHUNK_SIZE));
  }

  /** Connector names that differ only in characters that slots cannot have get different slots. */
  private static String defaultSlot(String connector) {
    String name = connector.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    if (name.equals(connector) && name.length() <= MAX_NAME_LENGTH - PREFIX.length()) {
      return PREFIX + name;
    }
    String hash = String.format(Locale.ROOT, "_%08x", connector.hashCode());
    int room = MAX_NAME_LENGTH - PREFIX.length() - hash.length();
    return PREFIX + name.substring(0, Math.min(name.length(), room)) + hash;
  }

  private static void requireSlotName(String name) {
    if (!name.matches("[a-z0-9_]{1," + MAX_NAME_LENGTH + "}")) {
      throw new IllegalArgumentException(
          "%s is not a slot name; use 1 to %d lower-case letters, digits and underscores"
              .formatted(name, MAX_NAME_LENGTH));
    }
  }
}
