package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server in FIPS mode refuses md5(), with which no SQL of ours may hash anything. */
class FipsServerTest {

  private static final Map<String, String> DELETES = Map.of("deletes.table", "orders_deleted");

  private final Shop shop = Postgres.newShop();

  @BeforeEach
  void refuseMd5() {
    for (String type : new String[] {"text", "bytea"}) {
      shop.run(
          """
          ALTER FUNCTION pg_catalog.md5(%1$s) RENAME TO md5_of_openssl;
          CREATE FUNCTION pg_catalog.md5(%1$s) RETURNS text LANGUAGE plpgsql IMMUTABLE AS
          'BEGIN RAISE EXCEPTION ''could not compute MD5 hash: unsupported'' USING ERRCODE = ''XX000''; END'
          """
              .formatted(type));
    }
    shop.run(Shop.TABLES);
    shop.run(
        "INSERT INTO orders VALUES (1, 'NEW', 1); INSERT INTO order_items VALUES (1, 1, 'A', 1)");
  }

  @AfterEach
  void dropSlots() {
    shop.dropSlots();
  }

  @ParameterizedTest
  @ValueSource(strings = {"query", "log"})
  void ordersAreCaptured(String capture) {
    // Given
    assertThrows(IllegalStateException.class, () -> shop.value("SELECT md5('a')"));
    shop.install(DELETES, "id", OrderIdType.BIGINT);
    shop.runScript(shop.installSql(DELETES, "id", OrderIdType.BIGINT).deletesInstall());
    Map<String, String> settings =
        capture.equals("log") ? shop.logSettings(Map.of()) : shop.settings(DELETES);
    shop.run("ALTER TABLE orders REPLICA IDENTITY FULL");
    assertEquals(Map.of(), Validation.findings(settings));
    try (CaptureRun run = new CaptureRun(settings, new HashMap<>())) {
      // When
      int existing = run.onlyValue().getArray("items").size();
      shop.run("UPDATE order_items SET quantity = 2");
      int changed = run.onlyValue().getArray("items").size();
      shop.run("DELETE FROM orders");

      // Then
      assertEquals(2, existing + changed);
      assertEquals(Set.of(1L), QueryCaptureTest.keys(run.records(1)));
    }
  }
}
