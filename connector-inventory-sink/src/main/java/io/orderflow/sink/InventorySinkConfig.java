package io.orderflow.sink;

import io.orderflow.common.config.ConnectSettings;
import io.orderflow.common.config.Finding;
import io.orderflow.common.config.RetrySettings;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.common.config.UnknownSettings;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.sink.apply.SinkSettings;
import io.orderflow.sink.config.ConfigKeys;
import io.orderflow.sink.deadletter.DeadLetterSettings;
import io.orderflow.sink.deadletter.QueueFailures;
import io.orderflow.sink.validate.Preflight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** The settings of the inventory sink: their definition, and their values as types. */
public final class InventorySinkConfig extends AbstractConfig {

  private static final String MAX_TASKS = "tasks.max";

  private static final ConfigDef DEFINITION = SettingsGroup.define(groups());

  /**
   * Reads the settings.
   *
   * @throws ConfigException if one of them is missing or invalid
   */
  public InventorySinkConfig(Map<String, String> settings) {
    super(DEFINITION, settings, false);
  }

  private static List<SettingsGroup> groups() {
    List<SettingsGroup> groups =
        new ArrayList<>(
            List.of(
                TopicSettings.GROUP,
                DatabaseSettings.GROUP,
                TableSettings.GROUP,
                StatusSettings.GROUP,
                ItemSettings.GROUP,
                MoneySettings.GROUP,
                ReservationSettings.GROUP,
                LocationSettings.GROUP,
                ExpirySettings.GROUP,
                BatchSettings.GROUP,
                FailureSettings.GROUP));
    groups.addAll(FieldSettings.GROUPS);
    return groups;
  }

  /** All settings with their defaults and documentation; a copy. */
  public static ConfigDef definition() {
    return new ConfigDef(DEFINITION);
  }

  /** The settings that neither this connector nor Connect reads. */
  static UnknownSettings unknownSettings(Map<String, String> settings) {
    return UnknownSettings.find(
        settings, DEFINITION, ConnectSettings.SINK, DatabaseSettings.DRIVER_PREFIX);
  }

  /** Contradictions between settings that are valid each by itself. */
  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(TopicSettings.findings(this));
    findings.addAll(StatusSettings.findings(this));
    findings.addAll(ItemSettings.findings(this));
    findings.addAll(MoneySettings.findings(this));
    findings.addAll(ExpirySettings.findings(this));
    findings.addAll(LocationSettings.findings(this));
    findings.addAll(TableSettings.findings(this));
    findings.addAll(RetrySettings.findings(this));
    findings.addAll(DatabaseSettings.findings(this));
    findings.addAll(taskFindings());
    return findings;
  }

  /**
   * The settings of a task.
   *
   * @throws ConfigException if the settings contradict each other
   */
  SinkSettings settings() {
    Finding.requireNone(findings());
    return new SinkSettings(
        DatabaseSettings.of(this),
        TableSettings.tables(this),
        TopicSettings.roles(this),
        FieldSettings.fields(this),
        StatusSettings.statuses(this),
        ItemSettings.rules(this),
        MoneySettings.rules(this),
        ExpirySettings.deadlines(this),
        ReservationSettings.rules(this),
        getBoolean(ConfigKeys.AUTO_CREATE),
        RetrySettings.backoff(this),
        BatchSettings.limits(this),
        getInt(ConfigKeys.APPLY_CONCURRENCY),
        new DeadLetterSettings(
            TopicSettings.ownQueue(this),
            getDouble(ConfigKeys.DEAD_LETTER_MAX_RATIO),
            getInt(ConfigKeys.DEAD_LETTER_WINDOW),
            RetrySettings.backoff(this),
            QueueFailures.ofTask(
                original("name", InventorySinkTask.UNNAMED),
                original(InventorySinkTask.NUMBER, "0"))));
  }

  /** The checks of the warehouse before the connector starts. */
  Preflight preflight() {
    return new Preflight(
        DatabaseSettings.of(this),
        TableSettings.tables(this),
        TableSettings.keys(this),
        getInt(ConfigKeys.QUANTITY_SCALE),
        getBoolean(ConfigKeys.AUTO_CREATE),
        ReservationSettings.rules(this),
        (long) tasks() * settings().connections(),
        Set.copyOf(TopicSettings.roles(this).byTopic().values()));
  }

  /** Connect checks its own settings beside the connector, not before. */
  private List<Finding> taskFindings() {
    try {
      return tasks() > 0
          ? List.of()
          : List.of(new Finding(MAX_TASKS, tasks() + " is no number of tasks; set 1 or more"));
    } catch (ConfigException e) {
      return List.of(new Finding(MAX_TASKS, String.valueOf(e.getMessage())));
    }
  }

  /**
   * Connect's own setting.
   *
   * @throws ConfigException if it is no whole number
   */
  private int tasks() {
    return (Integer) ConfigDef.parseType(MAX_TASKS, original(MAX_TASKS, "1"), ConfigDef.Type.INT);
  }

  /** A setting that is not the sink's own. */
  private String original(String key, String defaultValue) {
    return String.valueOf(originals().getOrDefault(key, defaultValue));
  }
}
