package io.orderflow.source.config;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.source.log.LogPlan;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.DecimalHandling;
import io.orderflow.source.validate.Preflight;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/** The connector's settings: their one definition, and their values with types. */
public final class OrdersSourceConfig extends AbstractConfig {

  /** What the connector hands to each task: its shards, with commas between. */
  public static final String TASK_SHARDS = "task.shards";

  /** Set by the connector, since Connect does not tell a task its number. */
  public static final String TASK_NUMBER = "task.number";

  public OrdersSourceConfig(Map<String, String> settings) {
    super(definition(), settings, false);
  }

  public static ConfigDef definition() {
    ConfigDef definition = DatabaseSettings.define(new ConfigDef());
    TableSettings.define(definition);
    ColumnSettings.define(definition);
    CaptureSettings.define(definition);
    LogSettings.define(definition);
    EventSettings.define(definition);
    return definition
        .defineInternal(TASK_SHARDS, Type.STRING, "", Importance.LOW)
        .defineInternal(TASK_NUMBER, Type.STRING, "0", Importance.LOW);
  }

  /** What contradicts itself among the settings, though each is of the right form. */
  public List<Finding> findings() {
    return ColumnSettings.findings(this);
  }

  /**
   * These settings, which fit each other.
   *
   * @throws ConfigException when they contradict each other
   */
  public OrdersSourceConfig sound() {
    findings().stream()
        .findFirst()
        .ifPresent(
            finding -> {
              throw new ConfigException(finding.key() + ": " + finding.message());
            });
    return this;
  }

  public CapturedTables tables() {
    CapturedTables tables = TableSettings.of(this).tables();
    return capture().fromLog() ? tables.forLog() : tables;
  }

  public CaptureSettings capture() {
    return CaptureSettings.of(this);
  }

  public EventSettings events() {
    return EventSettings.of(this);
  }

  public LogSettings log() {
    return LogSettings.of(this, name());
  }

  /** The connector's name; empty where nobody gave it one. */
  public String name() {
    return originalsStrings().getOrDefault("name", "");
  }

  /** What to look at before the connector starts. */
  public Preflight preflight() {
    if (!capture().fromLog()) {
      return Preflight.ofQuery(queryDatabase(), tables(), decimals(), shards());
    }
    LogSettings log = log();
    return Preflight.ofLog(
        queryDatabase(),
        new Publication(log.publication(), tables()),
        decimals(),
        log.autocreate() ? Preflight.AutoCreate.YES : Preflight.AutoCreate.NO,
        log.slot());
  }

  public LogPlan logPlan() {
    LogSettings log = log();
    return new LogPlan(
        tables(),
        decimals(),
        log.slot(),
        log.publication(),
        log.autocreate(),
        log.failover(),
        !capture().fromNow(),
        log.loadConnections(),
        log.loadChunkOrders(),
        capture().batchMaxOrders(),
        name());
  }

  public int shards() {
    return capture().shards();
  }

  public DecimalHandling decimals() {
    return events().decimals();
  }

  public List<Integer> taskShards() {
    return Arrays.stream(getString(TASK_SHARDS).split(",", -1)).map(Integer::valueOf).toList();
  }

  public static String listOf(List<Integer> shards) {
    return shards.stream().map(Objects::toString).collect(Collectors.joining(","));
  }

  /**
   * The database, with a planner that reads along indexes: right after the installation there are
   * no statistics yet, and a plan that sorts or scans a whole table would be taken for each page.
   * And with an error, rather than fewer orders, where row security would hide some.
   */
  public DatabaseSettings queryDatabase() {
    return DatabaseSettings.of(this)
        // The driver would write these texts by itself, and otherwise than PostgreSQL does.
        .withDriverDefault("binaryTransferDisable", "TIMETZ,POINT,BOX")
        .withOptions(
            "-c enable_seqscan=off -c enable_bitmapscan=off -c jit=off -c row_security=off");
  }
}
