package io.orderflow.source.config;

import java.time.Duration;
import java.util.Locale;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * How the log is read, where {@code capture} is {@code log}.
 *
 * @param slot the replication slot's name
 * @param publication the publication's name
 * @param autocreate whether a missing publication is created
 * @param failover whether standbys keep a copy of the slot
 * @param heartbeatInterval longest time that the slot stays where it is while the log goes on; zero
 *     for ever
 * @param loadConnections how many chunks of the initial load are read at the same time
 * @param loadChunkOrders how many orders a chunk has
 */
public record LogSettings(
    String slot,
    String publication,
    boolean autocreate,
    boolean failover,
    Duration heartbeatInterval,
    String heartbeatTopic,
    int loadConnections,
    int loadChunkOrders) {

  static final String SLOT = "slot.name";
  static final String PUBLICATION = "publication.name";
  static final String AUTOCREATE_MODE = "publication.autocreate.mode";
  static final String FAILOVER = "slot.failover";
  static final String HEARTBEAT_INTERVAL = "heartbeat.interval.ms";
  static final String LOAD_CONNECTIONS = "snapshot.max.threads";
  static final String LOAD_CHUNK_ORDERS = "snapshot.chunk.size";

  private static final String FILTERED = "filtered";
  private static final String PREFIX = "orderflow_";
  private static final int LONGEST_NAME = 63;

  static ConfigDef define(ConfigDef definition) {
    SettingsGroup group = new SettingsGroup(definition, "Log");
    group.define(
        SLOT,
        Type.STRING,
        null,
        ConfigDef.LambdaValidator.with(LogSettings::requireSlotName, () -> "a name of a slot"),
        Importance.HIGH,
        "capture=log: the replication slot, which the connector creates; of this connector alone."
            + " Lower case letters, digits and underscores. Without it, orderflow_ and the"
            + " connector's name, with a hash where that has other characters.");
    group.define(
        FAILOVER,
        Type.BOOLEAN,
        false,
        null,
        Importance.MEDIUM,
        "capture=log: whether standbys of PostgreSQL 17 and later keep a copy of the slot, so that"
            + " capture goes on after a failover. The server needs sync_replication_slots.");
    group.define(
        PUBLICATION,
        Type.STRING,
        "orderflow",
        SettingsGroup.notBlank(),
        Importance.HIGH,
        "capture=log: the publication of both tables.");
    group.define(
        AUTOCREATE_MODE,
        Type.STRING,
        FILTERED,
        ConfigDef.ValidString.in(FILTERED, "disabled"),
        Importance.LOW,
        "capture=log: what happens if the publication does not exist. filtered: the connector creates"
            + " it for its tables, which its role must own; disabled: validate reports it.");
    group.define(
        HEARTBEAT_INTERVAL,
        Type.LONG,
        60_000L,
        ConfigDef.Range.between(0, 86_400_000),
        Importance.MEDIUM,
        "capture=log: how often, in milliseconds, a record goes to heartbeat.topic while no order"
            + " changes, so that the slot moves on and the server can remove its log. 0: never.");
    defineLoad(group);
    return definition;
  }

  private static void defineLoad(SettingsGroup group) {
    group.define(
        LOAD_CONNECTIONS,
        Type.INT,
        2,
        ConfigDef.Range.between(1, 64),
        Importance.MEDIUM,
        "capture=log: how many connections read the orders that are there at the beginning.");
    group.define(
        LOAD_CHUNK_ORDERS,
        Type.INT,
        5_000,
        ConfigDef.Range.between(1, 1_000_000),
        Importance.LOW,
        "capture=log: how many orders of the load are read at once by each connection.");
  }

  static LogSettings of(AbstractConfig config, String connector) {
    String slot = config.getString(SLOT);
    return new LogSettings(
        slot == null ? slotOf(connector) : slot,
        config.getString(PUBLICATION),
        config.getString(AUTOCREATE_MODE).equals(FILTERED),
        config.getBoolean(FAILOVER),
        Duration.ofMillis(config.getLong(HEARTBEAT_INTERVAL)),
        config.getString(CaptureSettings.HEARTBEAT_TOPIC),
        config.getInt(LOAD_CONNECTIONS),
        config.getInt(LOAD_CHUNK_ORDERS));
  }

  /** Names that differ in other characters alone still make different slots. */
  private static String slotOf(String connector) {
    String name = connector.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    if (name.equals(connector) && name.length() <= LONGEST_NAME - PREFIX.length()) {
      return PREFIX + name;
    }
    String hash = String.format(Locale.ROOT, "_%08x", connector.hashCode());
    int room = LONGEST_NAME - PREFIX.length() - hash.length();
    return PREFIX + name.substring(0, Math.min(name.length(), room)) + hash;
  }

  private static void requireSlotName(String key, @Nullable Object value) {
    if (value != null && !value.toString().matches("[a-z0-9_]{1," + LONGEST_NAME + "}")) {
      throw new ConfigException(
          key + ": expected 1 to 63 lower case letters, digits and underscores, found " + value);
    }
  }
}
