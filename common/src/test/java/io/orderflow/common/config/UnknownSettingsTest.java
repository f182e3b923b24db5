package io.orderflow.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownSettingsTest {

  private static final ConfigDef DEFINITION =
      SettingsGroup.define(
              List.of(
                  SettingsGroup.of(
                      "All",
                      setting("orders.table"),
                      setting("slot.name"),
                      setting("slot.failover"),
                      setting("database.url"),
                      setting("topic"))))
          .defineInternal("task.number", Type.STRING, "0", Importance.LOW);

  @ParameterizedTest
  @CsvSource({
    "orders.tabel, orders.table",
    "order.table, orders.table",
    "slotname, slot.name",
    "topics, topic",
    "tasks.mx, tasks.max",
    "transfroms, transforms",
  })
  void misspelledSettingIsAnErrorWithASuggestion(String key, String meant) {
    // When
    UnknownSettings unknown = find(ConnectSettings.SOURCE, key);

    // Then
    String message =
        "%s is not a setting of this connector; did you mean %s? Rename or remove it."
            .formatted(key, meant);
    assertEquals(List.of(new Finding(key, message)), unknown.findings());
    assertEquals(List.of(message), unknown.warnings());
  }

  @Test
  void unknownSettingWithAPrefixOfTheConnectorIsAnError() {
    // When
    UnknownSettings unknown = find(ConnectSettings.SOURCE, "slot.drop.on.stop");

    // Then
    String message =
        "slot.drop.on.stop is not a setting of this connector; remove it, or use one of"
            + " slot.failover, slot.name.";
    assertEquals(List.of(new Finding("slot.drop.on.stop", message)), unknown.findings());
    assertEquals(List.of(message), unknown.warnings());
  }

  @ParameterizedTest
  @ValueSource(strings = {"team", "owner.of.the.connector", "producer.overide.linger.ms"})
  void anyOtherUnknownSettingIsOnlyWarnedAbout(String key) {
    // When
    UnknownSettings unknown = find(ConnectSettings.SOURCE, key);

    // Then
    assertEquals(List.of(), unknown.findings());
    assertEquals(
        List.of(key + " is not a setting of this connector; it has no effect"), unknown.warnings());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orders.table",
        "task.number",
        "name",
        "connector.class",
        "tasks.max",
        "transforms.x.type",
        "predicates.p.type",
        "key.converter.schemas.enable",
        "producer.override.linger.ms",
        "topic.creation.default.partitions",
        "errors.tolerance",
        "exactly.once.support",
        "transaction.boundary.interval.ms",
        "database.driver.sslmode",
      })
  void settingOfTheConnectorOrOfConnectIsKnown(String key) {
    assertEquals(new UnknownSettings(List.of(), List.of()), find(ConnectSettings.SOURCE, key));
  }

  @Test
  void settingsOfSinksAreKnownToSinksOnly() {
    // Given
    String key = "errors.deadletterqueue.topic.name";

    // When
    Stream<Integer> warnings =
        Stream.of(ConnectSettings.values()).map(each -> find(each, key).warnings().size());

    // Then
    assertEquals(List.of(1, 0), warnings.toList());
  }

  private static UnknownSettings find(ConnectSettings connect, String key) {
    return UnknownSettings.find(Map.of(key, "secret"), DEFINITION, connect, "database.driver.");
  }

  private static Setting setting(String key) {
    return Setting.of(key, Type.STRING).optional().documented("A setting.");
  }
}
