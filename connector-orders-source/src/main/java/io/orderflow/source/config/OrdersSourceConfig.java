package io.orderflow.source.config;

import io.orderflow.common.config.ConnectSettings;
import io.orderflow.common.config.Finding;
import io.orderflow.common.config.RetrySettings;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.common.config.UnknownSettings;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.Pooler;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.DecimalHandling;
import java.time.Duration;
import java.util.ArrayList;
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
import org.apache.kafka.common.utils.ExponentialBackoff;

/** The settings of the orders source: their definition, and their values as types. */
public final class OrdersSourceConfig extends AbstractConfig {

  /** The task's shards, separated by commas. The connector passes them to the task. */
  public static final String TASK_SHARDS = "task.shards";

  /** The task's number. The connector passes it to the task, since Connect does not. */
  public static final String TASK_NUMBER = "task.number";

  private static final SettingsGroup RETRIES =
      SettingsGroup.of(
          "Retries",
          RetrySettings.backoffSetting(),
          RetrySettings.maxBackoffSetting(Duration.ofSeconds(5)));

  private static final ConfigDef DEFINITION =
      SettingsGroup.define(
              List.of(
                  DatabaseSettings.GROUP,
                  TableSettings.GROUP,
                  ColumnSettings.GROUP,
                  CaptureSettings.GROUP,
                  LogSettings.GROUP,
                  EventSettings.GROUP,
                  OversizedEventSettings.GROUP,
                  RETRIES))
          .defineInternal(TASK_SHARDS, Type.STRING, "", Importance.LOW)
          .defineInternal(TASK_NUMBER, Type.STRING, "0", Importance.LOW);

  /**
   * Reads the settings.
   *
   * @throws ConfigException if one of them is missing or invalid
   */
  public OrdersSourceConfig(Map<String, String> settings) {
    super(DEFINITION, settings, false);
  }

  /** All settings with their defaults and documentation; a copy. */
  public static ConfigDef definition() {
    return new ConfigDef(DEFINITION);
  }

  /** The settings that neither this connector nor Connect reads. */
  public static UnknownSettings unknownSettings(Map<String, String> settings) {
    return UnknownSettings.find(
        settings, DEFINITION, ConnectSettings.SOURCE, DatabaseSettings.DRIVER_PREFIX);
  }

  /** Contradictions between settings that are valid each by itself. */
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(ColumnSettings.findings(this));
    findings.addAll(TableSettings.findings(this));
    findings.addAll(OversizedEventSettings.findings(this));
    findings.addAll(RetrySettings.findings(this));
    findings.addAll(DatabaseSettings.findings(this));
    if (capture().fromLog() && DatabaseSettings.of(this).pooler() != Pooler.NONE) {
      findings.add(
          new Finding(
              DatabaseSettings.POOLER,
              "capture=log replicates, which needs a session of PostgreSQL of its own; name the"
                  + " address of PostgreSQL itself in database.url, and remove database.pooler"));
    }
    return findings;
  }

  /**
   * These settings, free of contradictions.
   *
   * @throws ConfigException if they contradict each other
   */
  public OrdersSourceConfig sound() {
    Finding.requireNone(findings());
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

  public OversizedEventSettings oversizedEvents() {
    return OversizedEventSettings.of(this);
  }

  public LogSettings log() {
    return LogSettings.of(this, name());
  }

  /** How long to wait between attempts after transient failures. */
  public ExponentialBackoff backoff() {
    return RetrySettings.backoff(this);
  }

  /** The connector's name; empty if it has none. */
  public String name() {
    return originalsStrings().getOrDefault("name", "");
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
   * The database with options for capture. The planner reads along indexes: right after the
   * installation there are no statistics yet, and it would sort or scan a whole table for each
   * page. Row security that would hide orders is an error. The server must write the expressions of
   * indexes as the checks expect them.
   */
  public DatabaseSettings queryDatabase() {
    return DatabaseSettings.of(this)
        .withSessionSql(SessionSettings.SQL)
        // The driver would format these types itself, and differently from PostgreSQL.
        .withTextTransfer("TIMETZ,POINT,BOX")
        .withOptions(
            Map.of(
                "enable_seqscan", "off",
                "enable_bitmapscan", "off",
                "jit", "off",
                "row_security", "off",
                "quote_all_identifiers", "off"));
  }
}
