package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.TableKinds;
import io.orderflow.source.sql.InstallSql;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

/** Shops that keep an order in one row, without a table of items. */
class OneRowOrdersTest {

  private static final Map<String, String> NO_ITEMS_TABLE =
      Map.of("items.table", "", "version.column", "version");

  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();

  private static Shop shop() {
    Shop shop = Postgres.newShop();
    shop.run(
        """
        CREATE TABLE orders (
          id bigint PRIMARY KEY, version bigint NOT NULL, items jsonb, skus text[] NOT NULL, counts bigint[])
        """);
    return shop;
  }

  @Test
  void orderIsASingleRowWithItemsInItsColumns() {
    // Given
    Shop shop = shop();
    shop.run("INSERT INTO orders VALUES (1, 1, NULL, '{}', NULL)");
    shop.install(NO_ITEMS_TABLE, "id", OrderIdType.BIGINT);
    shop.run("INSERT INTO orders VALUES (2, 4, '[{\"sku\": \"A\"}]', '{A,B}', '{1,2}')");
    try (CaptureRun run = new CaptureRun(shop.settings(NO_ITEMS_TABLE), offsets)) {
      // When
      List<SourceRecord> records = run.records(2);

      // Then
      Struct second =
          records.stream()
              .filter(record -> record.key().equals(2L))
              .map(record -> (Struct) record.value())
              .findFirst()
              .orElseThrow();
      assertEquals(
          List.of("id", "version", "items", "skus", "counts"),
          second.schema().fields().stream().map(Field::name).toList());
      assertEquals("[{\"sku\": \"A\"}]", second.get("items"));
      assertEquals(List.of("A", "B"), second.get("skus"));
      assertEquals(List.of(1L, 2L), second.get("counts"));

      // When
      shop.run("UPDATE orders SET version = 5, skus = '{C}' WHERE id = 2");

      // Then
      Struct changed = run.onlyValue();
      assertEquals(5L, changed.get("version"));
      assertEquals(List.of("C"), changed.get("skus"));
    }
  }

  @Test
  void validationRequiresNothingForItems() {
    // Given
    Shop shop = shop();
    Map<String, String> settings = shop.settings(NO_ITEMS_TABLE);
    List<String> before = errors(settings);

    // When
    shop.install(NO_ITEMS_TABLE, "id", OrderIdType.BIGINT);

    // Then
    assertEquals(1, before.size(), before.toString());
    assertTrue(before.get(0).contains("CREATE OR REPLACE TRIGGER \"orderflow_stamp"));
    assertEquals(List.of(), errors(settings));
  }

  @Test
  void scriptsMentionNoItemsAndUninstallRemovesEverything() {
    // Given
    Shop shop = shop();
    OrdersSourceConfig config = shop.config(NO_ITEMS_TABLE);
    InstallSql sql =
        new InstallSql(
            config.tables(),
            TableKinds.PLAIN,
            OrderIdColumns.of("id", OrderIdType.BIGINT),
            config.shards(),
            config.name());
    String everything =
        "SELECT count(*) FROM pg_class c, pg_namespace n WHERE n.oid = c.relnamespace AND nspname ="
            + " 'public'";
    String before = shop.value(everything);

    // When
    shop.runScript(sql.install());
    shop.runScript(sql.install());
    shop.runScript(sql.uninstall());

    // Then
    assertEquals(before, shop.value(everything));
    assertEquals(
        "0",
        shop.value("SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"));
    assertFalse(
        Stream.of(sql.install(), sql.uninstall())
            .anyMatch(text -> text.contains("${") || text.contains("order_items")));
  }

  private static List<String> errors(Map<String, String> settings) {
    return new OrdersSourceConnector()
        .validate(settings).configValues().stream()
            .flatMap(value -> value.errorMessages().stream())
            .toList();
  }
}
