package io.orderflow.source.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.config.Finding;
import io.orderflow.common.config.RetrySettings;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.source.OrdersSourceConnector;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.WatchedTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a:x | \"public\".\"a\":\"x\"",
        "s.a:x , b:y,z | \"s\".\"a\":\"x\" \"public\".\"b\":\"y\",\"z\"",
        "\"A,b\".\"c\"\"d\":\"e:f\" | \"A,b\".\"c\"\"d\":\"e:f\"",
        "l:f>s.f.id:o,c:x | \"public\".\"l\":\"f\">\"s\".\"f\".\"id\":\"o\" \"public\".\"c\":\"x\"",
        "l:a,b>f.c,d:e,g>h.i,j:k | \"public\".\"l\":\"a\",\"b\">\"public\".\"f\".\"c\",\"d\":\"e\",\"g\">\"public\".\"h\".\"i\",\"j\":\"k\"",
      })
  void watchedTablesAreParsed(String setting, String expected) {
    // Given
    settings.put(TableSettings.WATCH, setting);

    // When
    CapturedTables tables = new OrdersSourceConfig(settings).tables();

    // Then
    assertEquals(
        expected,
        tables.watched().stream().map(WatchedTable::toString).collect(Collectors.joining(" ")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "shipments | at character 10, a colon and the column with the order ID must follow the table; write public.shipments:order_id",
        "a: | at character 3, the name of a column is missing; write such as",
        ":x | at character 1, the name of a table is missing; write such as",
        "a.b.c:x | at character 1, a.b.c is not the name of a table; write table or schema.table; quote a name that contains a dot",
        "a:x,s.b | at character 5, s.b is not the name of a column; write the column alone or, if this is a table, s.b:order_id",
        "a:x, | at character 4, nothing follows the comma; write another table or column, or no comma",
        "a:x y | at character 5, \"y\" must not follow the columns; write a comma",
        "a:\"x | at character 3, a quote is not closed; write a second quote after the name",
        "a:\"\" | at character 3, a quoted name is empty; write the name between the quotes",
        "a:x> | at character 5, the name of the table to which the columns refer, and its key is missing",
        "a:x>b:y | at character 5, the key of the table b is missing; write b.id",
        "a:x>b.id | at character 9, a colon and the column with the order ID must follow the key; write public.b.id:order_id",
        "a:x>b.c,d:y | at character 5, the key has 2 columns, but the table before refers to it by 1; write one column of the key for each column before >",
      })
  void malformedWatchedTablesAreErrorsWithTheirPosition(String setting, String expected) {
    // Given
    settings.put(TableSettings.WATCH, setting);

    // When
    ConfigException failure =
        assertThrows(ConfigException.class, () -> new OrdersSourceConfig(settings));

    // Then
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.startsWith("watch.tables: " + setting + ": " + expected), () -> message);
  }

  @Test
  void watchedTableThatIsCapturedAnywayIsAContradiction() {
    // Given
    settings.put(TableSettings.WATCH, "orders:parent_id,order_items:order_id,a:x,public.a:x");

    // When
    List<String> messages =
        new OrdersSourceConfig(settings).findings().stream().map(Finding::message).toList();

    // Then
    assertEquals(
        List.of(
            "public.orders is captured anyway, by orders.table; remove it here",
            "public.order_items is captured anyway, by items.table; remove it here",
            "\"public\".\"a\":\"x\" is named twice; remove one"),
        messages);
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
