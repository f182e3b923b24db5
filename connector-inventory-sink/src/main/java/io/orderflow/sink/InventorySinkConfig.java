package io.orderflow.sink;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.sink.apply.SinkSettings;
import io.orderflow.sink.preflight.Preflight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** The settings of the inventory sink, defined once. */
public final class InventorySinkConfig extends AbstractConfig {

  private static final ConfigDef DEFINITION = define();

  /**
   * Reads the settings.
   *
   * @throws ConfigException when one of them is missing or of the wrong form
   */
  public InventorySinkConfig(Map<String, String> settings) {
    super(DEFINITION, settings, false);
  }

  /** All settings with their defaults and what they do; a copy. */
  public static ConfigDef definition() {
    return new ConfigDef(DEFINITION);
  }

  /** What contradicts itself among the settings, though each is of the right form. */
  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(TopicSettings.findings(this));
    findings.addAll(StatusSettings.findings(this));
    findings.addAll(TableSettings.findings(this));
    findings.addAll(BatchSettings.findings(this));
    return findings;
  }

  /**
   * What a task is to do.
   *
   * @throws ConfigException when the settings contradict each other
   */
  SinkSettings settings() {
    findings().stream()
        .findFirst()
        .ifPresent(
            finding -> {
              throw new ConfigException(finding.key() + ": " + finding.message());
            });
    return new SinkSettings(
        DatabaseSettings.of(this),
        TableSettings.tables(this),
        TopicSettings.roles(this),
        FieldSettings.fields(this),
        StatusSettings.intents(this),
        ReservationSettings.policy(this),
        getBoolean(TableSettings.AUTO_CREATE),
        BatchSettings.backoff(this),
        BatchSettings.limits(this),
        getInt(BatchSettings.LANES),
        getDouble(BatchSettings.DEAD_LETTER_RATIO),
        getInt(BatchSettings.DEAD_LETTER_WINDOW));
  }

  /** What looks at the warehouse that the settings name. */
  Preflight preflight() {
    return new Preflight(
        DatabaseSettings.of(this),
        TableSettings.tables(this),
        TableSettings.keys(this),
        getBoolean(TableSettings.AUTO_CREATE));
  }

  private static ConfigDef define() {
    ConfigDef definition = new ConfigDef();
    TopicSettings.define(definition);
    DatabaseSettings.define(definition);
    TableSettings.define(definition);
    StatusSettings.define(definition);
    ReservationSettings.define(definition);
    BatchSettings.define(definition);
    FieldSettings.define(definition);
    return definition;
  }
}
