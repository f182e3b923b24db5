package io.orderflow.source.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.config.Finding;
import io.orderflow.common.config.RetrySettings;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.source.OrdersSourceConnector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrdersSourceConfigTest {

  private final Map<String, String> settings =
      new HashMap<>(
          Map.of(
              "name",
              "shop",
              DatabaseSettings.URL,
              "jdbc:postgresql://localhost/shop",
              DatabaseSettings.USER,
              "app"));

  @Test
  void misspelledSettingIsAnErrorBeforeTheDatabaseIsContacted() {
    // Given
    settings.put("orders.tabel", "public.orders");

    // When
    Map<String, List<String>> errors = errors();

    // Then
    assertEquals(
        Map.of(
            "orders.tabel",
            List.of(
                "orders.tabel is not a setting of this connector; did you mean orders.table?"
                    + " Rename or remove it.")),
        errors);
  }

  @Test
  void settingsOfConnectAndItsPluginsAreKnown() {
    // Given
    settings.put("connector.class", "OrdersSource");
    settings.put("transforms.x.type", "org.example.Drop");
    settings.put("producer.override.linger.ms", "5");
    settings.put("topic.creation.default.partitions", "3");
    settings.put("database.driver.sslmode", "require");

    // When
    List<String> warnings = OrdersSourceConfig.unknownSettings(settings).warnings();

    // Then
    assertEquals(List.of(), warnings);
  }

  @Test
  void backoffDoublesFromItsSettingToItsMaximum() {
    // Given
    OrdersSourceConfig config = new OrdersSourceConfig(settings);

    // When
    long first = config.backoff().backoff(0);
    long last = config.backoff().backoff(100);

    // Then: 100 and 5000 ms, with a jitter of a fifth
    assertTrue(first >= 80 && first <= 120, "first: " + first);
    assertTrue(last >= 4_000 && last <= 6_000, "last: " + last);
  }

  @Test
  void contradictionsAreErrorsOnTheirKeys() {
    // Given
    settings.put(RetrySettings.BACKOFF, "6000");
    settings.put(ColumnSettings.HASH, "email");
    settings.put(ColumnSettings.EXCLUDE, "email");

    // When
    List<String> keys =
        new OrdersSourceConfig(settings).findings().stream().map(Finding::key).toList();

    // Then
    assertEquals(
        List.of(ColumnSettings.HASH_KEY, ColumnSettings.HASH, RetrySettings.MAX_BACKOFF), keys);
    assertThrows(ConfigException.class, () -> new OrdersSourceConfig(settings).sound());
  }

  @ParameterizedTest
  @CsvSource({
    "shop, orderflow_shop",
    "Shop, orderflow_shop_00274f16",
    "sh-op, orderflow_sh_op_06848c59",
  })
  void slotIsNamedAfterTheConnector(String connector, String slot) {
    // Given
    settings.put("name", connector);

    // When
    LogSettings log = new OrdersSourceConfig(settings).log();

    // Then
    assertEquals(slot, log.slot());
  }

  @Test
  void invalidSlotNameIsAnError() {
    // Given
    settings.put(LogSettings.SLOT, "Shop");

    // When
    ConfigException failure =
        assertThrows(ConfigException.class, () -> new OrdersSourceConfig(settings));

    // Then
    assertEquals(
        "slot.name: Shop is not a slot name; use 1 to 63 lower-case letters, digits and"
            + " underscores",
        failure.getMessage());
  }

  private Map<String, List<String>> errors() {
    Map<String, List<String>> errors = new HashMap<>();
    for (ConfigValue value : new OrdersSourceConnector().validate(settings).configValues()) {
      if (!value.errorMessages().isEmpty()) {
        errors.put(value.name(), value.errorMessages());
      }
    }
    return errors;
  }
}
