package io.orderflow.source.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A shop that publishes its tables for somebody else, and never updates orders. */
class PublishedOrdersCheckTest {

  private static final String ITEM = "INSERT INTO order_items VALUES (1, 1, 'A', 1)";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "14 | CREATE PUBLICATION other FOR ALL TABLES; ALTER TABLE orders REPLICA IDENTITY NOTHING",
        "14 | CREATE PUBLICATION other FOR TABLE orders; ALTER TABLE orders REPLICA IDENTITY NOTHING",
        "15 | CREATE PUBLICATION other FOR TABLES IN SCHEMA public; ALTER TABLE orders REPLICA IDENTITY NOTHING",
        "15 | CREATE PUBLICATION other FOR TABLE orders WHERE (status <> 'DRAFT')",
        "15 | CREATE PUBLICATION other FOR TABLE orders (id, status); ALTER TABLE orders REPLICA IDENTITY FULL",
        "18 | CREATE PUBLICATION other FOR ALL TABLES; ALTER TABLE orders ADD COLUMN twice int GENERATED ALWAYS AS (1 + 1) VIRTUAL; ALTER TABLE orders REPLICA IDENTITY FULL"
      })
  void fixLetsTheTriggersOfItemsUpdateOrders(int version, String publication) {
    // Given
    assumeTrue(Postgres.majorVersion() >= version, "PostgreSQL " + version + " has it");
    Shop shop = prepared(publication);
    Map<String, String> settings = shop.settings(Map.of());
    assertThrows(IllegalStateException.class, () -> shop.run(ITEM));

    // When
    Validation.runFixes(shop, settings);

    // Then
    shop.run(ITEM);
    assertEquals(Map.of(), Validation.findings(settings));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "14 | CREATE PUBLICATION other FOR TABLE orders WITH (publish = 'insert, delete'); ALTER TABLE orders REPLICA IDENTITY NOTHING",
        "15 | CREATE PUBLICATION other FOR TABLE orders (id, status)",
        "15 | CREATE PUBLICATION other FOR TABLE orders WHERE (id > 0)"
      })
  void publicationThatAllowsTheUpdatesIsAccepted(int version, String publication) {
    // Given
    assumeTrue(Postgres.majorVersion() >= version, "PostgreSQL " + version + " has it");
    Shop shop = prepared(publication);

    // When
    shop.run(ITEM);

    // Then
    assertEquals(Map.of(), Validation.findings(shop.settings(Map.of())));
  }

  @Test
  void columnListThatNoKeyFitsIsRefused() {
    // Given
    assumeTrue(Postgres.majorVersion() >= 15, "PostgreSQL 15 has column lists");
    Shop shop = prepared("CREATE PUBLICATION other FOR TABLE orders (status)");
    assertThrows(IllegalStateException.class, () -> shop.run(ITEM));

    // When
    String findings = Validation.findings(shop.settings(Map.of())).toString();

    // Then
    assertTrue(findings.contains("publish all columns of its primary key"), findings);
    shop.run("ALTER PUBLICATION other SET TABLE orders (id, status)");
    shop.run(ITEM);
    assertEquals(Map.of(), Validation.findings(shop.settings(Map.of())));
  }

  private static Shop prepared(String publication) {
    Shop shop = Shop.withTables();
    shop.run(publication);
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1)");
    shop.install(Map.of(), "id", OrderIdType.BIGINT);
    return shop;
  }
}
