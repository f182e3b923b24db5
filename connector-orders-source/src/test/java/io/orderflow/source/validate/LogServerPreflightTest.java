package io.orderflow.source.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.config.Finding;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.fixture.Shop;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Log capture needs server settings that only a restart changes. */
class LogServerPreflightTest {

  @ParameterizedTest
  @CsvSource({
    "replica, 10, capture, ALTER SYSTEM SET wal_level = 'logical'",
    "logical, 0,  slot.name, ALTER SYSTEM SET max_wal_senders = 10"
  })
  void serverThatCannotStreamIsReportedWithTheFix(
      String walLevel, String senders, String key, String fix) throws Exception {
    // Given
    try (EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setServerConfig("wal_level", walLevel)
            .setServerConfig("max_wal_senders", senders)
            .setServerConfig("fsync", "off")
            .start()) {
      Shop shop = new Shop(server.getJdbcUrl("postgres", "postgres"));
      shop.run(Shop.TABLES);

      // When
      List<Finding> findings =
          Preflight.of(new OrdersSourceConfig(shop.logSettings(Map.of()))).findings();

      // Then
      assertEquals(List.of(key), findings.stream().map(Finding::key).toList());
      assertTrue(findings.toString().contains(fix), findings.toString());
    }
  }
}
