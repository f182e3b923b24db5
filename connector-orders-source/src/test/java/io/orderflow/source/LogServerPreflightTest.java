package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.config.Finding;
import io.orderflow.source.config.OrdersSourceConfig;
import io.orderflow.source.log.slot.Publication;
import io.orderflow.source.schema.DecimalHandling;
import io.orderflow.source.validate.Preflight;
import io.orderflow.source.validate.Preflight.AutoCreate;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers whose settings, which only a restart changes, leave no room for capture from the log. */
class LogServerPreflightTest {

  @ParameterizedTest
  @CsvSource({
    "replica, 10, capture, ALTER SYSTEM SET wal_level = 'logical'",
    "logical, 0,  slot.name, ALTER SYSTEM SET max_wal_senders = 10"
  })
  void serverThatCannotStreamIsFoundWithTheStatementThatMendsIt(
      String walLevel, String senders, String key, String cure) throws Exception {
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
      List<Finding> findings = look(shop.config(Map.of()));

      // Then
      assertEquals(List.of(key), findings.stream().map(Finding::key).toList());
      assertTrue(findings.toString().contains(cure), findings.toString());
    }
  }

  private static List<Finding> look(OrdersSourceConfig config) {
    return Preflight.ofLog(
            config.queryDatabase(),
            new Publication("orderflow", config.tables().forLog()),
            DecimalHandling.PRECISE,
            AutoCreate.YES,
            "preflight_slot")
        .findings();
  }
}
