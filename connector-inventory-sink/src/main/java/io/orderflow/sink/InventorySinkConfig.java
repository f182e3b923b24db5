package io.orderflow.sink;

import io.orderflow.common.config.Finding;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.failure.Backoff;
import io.orderflow.sink.apply.SinkSettings;
import io.orderflow.sink.preflight.Preflight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** The settings of the inventory sink, defined once. */
public final class InventorySinkConfig extends AbstractConfig {

  static final String BACKOFF_INITIAL = "retry.backoff.initial.ms";
  static final String BACKOFF_MAX = "retry.backoff.max.ms";
  static final String BATCH_SIZE = "batch.max.records";

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
    if (TableSettings.keys(this).size() < 4) {
      findings.add(new Finding(TableSettings.STOCK, "expected four tables, found one named twice"));
    }
    if (getLong(BACKOFF_MAX) < getLong(BACKOFF_INITIAL)) {
      findings.add(new Finding(BACKOFF_MAX, "expected no less than " + BACKOFF_INITIAL));
    }
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
        getBoolean(TableSettings.AUTO_CREATE),
        new Backoff(
            Duration.ofMillis(getLong(BACKOFF_INITIAL)), Duration.ofMillis(getLong(BACKOFF_MAX))),
        getInt(BATCH_SIZE));
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
    defineTransactions(definition);
    FieldSettings.define(definition);
    return definition;
  }

  private static void defineTransactions(ConfigDef definition) {
    String group = "Transactions";
    definition
        .define(
            BATCH_SIZE,
            Type.INT,
            5_000,
            ConfigDef.Range.between(1, 50_000),
            Importance.LOW,
            "How many records one transaction applies at most. Connect hands over no more than"
                + " consumer.override.max.poll.records at a time: raise that one first, its default"
                + " of 500 is too low for the best throughput.",
            group,
            1,
            Width.SHORT,
            BATCH_SIZE)
        .define(
            BACKOFF_INITIAL,
            Type.LONG,
            100L,
            ConfigDef.Range.between(1L, 600_000L),
            Importance.LOW,
            "How long to wait, in milliseconds, before the first new attempt while the database is"
                + " away. The wait doubles each time, with jitter.",
            group,
            2,
            Width.SHORT,
            BACKOFF_INITIAL)
        .define(
            BACKOFF_MAX,
            Type.LONG,
            10_000L,
            ConfigDef.Range.between(1L, 3_600_000L),
            Importance.LOW,
            "The longest wait between two attempts, in milliseconds.",
            group,
            3,
            Width.SHORT,
            BACKOFF_MAX);
  }
}
