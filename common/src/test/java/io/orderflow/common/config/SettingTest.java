package io.orderflow.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.TableName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {

  private static final ConfigDef.Validator TABLE =
      Validators.parsedBy(TableName::parse, "schema.table");

  private static final ConfigDef DEFINITION =
      SettingsGroup.define(
          List.of(
              SettingsGroup.of(
                  "First",
                  Setting.of("required", Type.STRING).high().documented("Required."),
                  Setting.of("optional", Type.STRING).optional().low().documented("Optional.")),
              SettingsGroup.of(
                  "Second",
                  Setting.of("number", Type.INT).defaultsTo(3).between(1, 9).documented("Number."),
                  Setting.of("name", Type.STRING)
                      .defaultsTo("a")
                      .validatedBy(Validators.notBlank())
                      .documented("Name."),
                  Setting.of("table", Type.STRING)
                      .defaultsTo("")
                      .validatedBy(Validators.emptyOr(TABLE))
                      .documented("Table."))));

  @Test
  void declarationIsTheDefinition() {
    // When
    Map<String, Object> values = DEFINITION.parse(Map.of("required", "x"));
    ConfigDef.ConfigKey number = Objects.requireNonNull(DEFINITION.configKeys().get("number"));

    // Then
    assertEquals("x", values.get("required"));
    assertNull(values.get("optional"));
    assertEquals(3, values.get("number"));
    assertEquals("Second", number.group);
    assertEquals(2, number.orderInGroup);
    assertEquals(Importance.MEDIUM, number.importance);
    assertEquals("Number.", number.documentation);
  }

  @Test
  void requiredSettingMustBeThere() {
    assertThrows(ConfigException.class, () -> DEFINITION.parse(Map.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"number=10", "name= ", "table=a.b.c"})
  void invalidValueIsAnErrorOnItsKey(String assignment) {
    // Given
    String[] parts = assignment.split("=", 2);

    // When
    ConfigException failure =
        assertThrows(
            ConfigException.class,
            () -> DEFINITION.parse(Map.of("required", "x", parts[0], parts[1])));

    // Then
    assertTrue(String.valueOf(failure.getMessage()).contains(parts[0]), failure::getMessage);
  }

  @Test
  void emptyValueIsValidIfTheRuleAllowsIt() {
    assertEquals("", DEFINITION.parse(Map.of("required", "x", "table", "")).get("table"));
    assertEquals("schema.table, or nothing", Validators.emptyOr(TABLE).toString());
  }
}
