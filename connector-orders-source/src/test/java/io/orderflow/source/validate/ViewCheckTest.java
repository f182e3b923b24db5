package io.orderflow.source.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Views that cannot be read for events. */
class ViewCheckTest {

  private static final String GOODS =
      """
      CREATE TABLE "Goods" (code text, "Name" text);
      INSERT INTO "Goods" SELECT 'SKU-' || n, 'x' FROM generate_series(1, 3000) n;
      CREATE TABLE parts (id bigint PRIMARY KEY, order_id bigint, sku text);
      INSERT INTO parts SELECT n, n, 'x' FROM generate_series(1, 3000) n;
      ANALYZE
      """;

  private final Shop shop = Shop.installed();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT 1 AS a | orders.view | missing | no view",
        "SELECT 1 AS a | orders.view | order_items | is no view",
        "SELECT status FROM orders | orders.view | v | no column id",
        "SELECT id::int, status FROM orders | orders.view | v | has the type int4",
        "SELECT order_id, sku FROM order_items | items.view | v | no column line_no",
        "SELECT id AS line_no, order_id::text, sku FROM parts | items.view | v | has the type text",
        "SELECT id, status, row_number() OVER (ORDER BY id) FROM orders | orders.view | v | without casts",
        "SELECT i.*, g.\"Name\" FROM order_items i JOIN \"Goods\" g ON g.code = i.sku | items.view | v | CREATE INDEX CONCURRENTLY ON public.\"Goods\" (code);",
        "SELECT id AS line_no, order_id, sku FROM parts | items.view | v | CREATE INDEX CONCURRENTLY ON public.parts (order_id);"
      })
  void viewIsRefusedWithAReason(String query, String key, String view, String reason) {
    // Given
    shop.run(GOODS);
    shop.run("INSERT INTO orders SELECT n, 'NEW', 1 FROM generate_series(1, 3000) n; ANALYZE");
    shop.run("CREATE VIEW v AS " + query);
    Map<String, String> settings = shop.settings(Map.of(key, view));

    // When
    Map<String, List<String>> findings = Validation.findings(settings);

    // Then
    assertEquals(List.of(key), List.copyOf(findings.keySet()), findings.toString());
    assertTrue(findings.toString().contains(reason), findings.toString());
    if (reason.startsWith("CREATE")) {
      Validation.runFixes(shop, settings);
      assertEquals(Map.of(), Validation.findings(settings));
    }
  }

  @Test
  void materializedViewIsRefused() {
    // Given
    shop.run("CREATE MATERIALIZED VIEW v AS SELECT * FROM orders");

    // When
    Map<String, List<String>> findings =
        Validation.findings(shop.settings(Map.of("orders.view", "v")));

    // Then
    assertEquals(List.of("orders.view"), List.copyOf(findings.keySet()), findings.toString());
    assertTrue(findings.toString().contains("REFRESH"), findings.toString());
  }

  @Test
  void missingPrivilegesAreNamed() {
    // Given
    shop.run(
        """
        CREATE TABLE goods (sku text PRIMARY KEY);
        CREATE VIEW v AS SELECT * FROM orders;
        CREATE VIEW w WITH (security_invoker) AS SELECT i.* FROM order_items i JOIN goods USING (sku);
        DROP ROLE IF EXISTS view_reader; CREATE ROLE view_reader LOGIN;
        GRANT SELECT ON orders, order_items, w TO view_reader;
        GRANT EXECUTE ON FUNCTION pg_control_system() TO view_reader
        """);
    Map<String, String> settings = shop.settings(Map.of("orders.view", "v", "items.view", "w"));
    settings.put("database.user", "view_reader");

    // When
    Map<String, List<String>> findings = Validation.findings(settings);
    shop.run("GRANT SELECT ON v TO view_reader");
    Map<String, List<String>> remaining = Validation.findings(settings);

    // Then
    assertTrue(
        findings.toString().contains("GRANT SELECT ON \"public\".\"v\""), findings.toString());
    assertTrue(
        remaining.toString().contains("permission denied for table goods"), remaining.toString());
  }

  @Test
  void settingsOfItemsNeedAnItemsTable() {
    // Given
    Shop oneTable = Postgres.newShop();
    oneTable.run("CREATE TABLE orders (id bigint PRIMARY KEY)");
    Map<String, String> settings = new HashMap<>(Map.of("items.table", ""));
    oneTable.install(settings, "id", OrderIdType.BIGINT);
    settings.put("items.where", "true");
    settings.put("items.view", "v");

    // When
    Map<String, List<String>> findings = Validation.findings(oneTable.settings(settings));

    // Then
    assertEquals(
        List.of("items.view", "items.where"), List.copyOf(findings.keySet()), findings.toString());
  }
}
