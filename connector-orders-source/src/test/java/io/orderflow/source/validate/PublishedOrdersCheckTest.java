package io.orderflow.source.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A shop that publishes its tables for somebody else, and never updates orders. */
class PublishedOrdersCheckTest {

  private static final int FIRST_VERSION = 15;
  private static final int VIRTUAL_COLUMNS = 18;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE orders REPLICA IDENTITY NOTHING",
        "ALTER TABLE orders ADD COLUMN twice int GENERATED ALWAYS AS (1 + 1) VIRTUAL; ALTER TABLE"
            + " orders REPLICA IDENTITY FULL"
      })
  void fixLetsTheTriggersOfItemsUpdateOrders(String tables) {
    // Given
    int version = Postgres.majorVersion();
    assumeTrue(version >= (tables.contains("VIRTUAL") ? VIRTUAL_COLUMNS : FIRST_VERSION));
    Shop shop = Shop.withTables();
    shop.run("CREATE PUBLICATION other FOR ALL TABLES; " + tables);
    shop.run("INSERT INTO orders VALUES (1, 'NEW', 1)");
    Map<String, String> settings = shop.settings(Map.of());
    shop.install(settings, "id", OrderIdType.BIGINT);
    String item = "INSERT INTO order_items VALUES (1, 1, 'A', 1)";
    assertThrows(IllegalStateException.class, () -> shop.run(item));

    // When
    Validation.runFixes(shop, settings);

    // Then
    shop.run(item);
    assertEquals(Map.of(), Validation.findings(settings));
  }
}
