package io.orderflow.sink;

import static io.orderflow.sink.fixture.RepositoryFile.assertUpToDate;
import static io.orderflow.sink.fixture.RepositoryFile.read;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.config.ConfigReference;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import io.orderflow.sink.warehouse.WarehouseTables;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files of the repository that are made from the code. */
class ShippedFilesTest {

  private static final String INTRODUCTION =
      """
      `io.orderflow.sink.InventorySinkConnector` keeps stock and payments in PostgreSQL in step with
      order events, inventory updates and payment updates. It takes Structs, and Maps as JSON without
      schemas makes them. Beside these settings it knows those of every Connect sink; of them, set
      `consumer.override.max.poll.records` to what one transaction should apply (5000 is good), and
      `errors.tolerance=all` with `errors.deadletterqueue.topic.name` to keep [bad records](../bad-records.md)
      apart.

      Each `*.field` is the name of a field, or a path to it through further structs and maps, in value
      and key: `customer.id`, `payload.order.lines`; those of an item start at the item. So the events of
      another producer need no transformation: for Debezium's, set `order.id.field=after.id` and so on.
      Where a record has a field whose own name is `customer.id`, dot included, that one is read.

      People may correct `on_hand` of the stock table at any time, best by a difference: `UPDATE stock
      SET on_hand = on_hand + 5 WHERE sku = 'A'`. The view `stock_drift` is empty as long as `reserved`
      is the sum of what orders reserve, and `moved` what orders have added to `on_hand`; what people
      put there is `on_hand - moved`.
      """;

  @Test
  void configurationReferenceIsUpToDate() throws IOException {
    assertUpToDate(
        "docs/configuration/inventory-sink.md",
        ConfigReference.markdown(
            "Inventory sink: settings", INTRODUCTION, InventorySinkConfig.definition()));
  }

  @Test
  void installScriptIsUpToDateAndMakesWhatTheSinkNeeds() throws IOException, SQLException {
    // Given
    assertUpToDate(
        "config-examples/sql/warehouse-install.sql",
        WarehouseDatabase.TABLES.installScript(OrderIdType.BIGINT));
    try (WarehouseDatabase database = WarehouseDatabase.empty()) {
      // When: twice, since that must do no harm
      database.execute(read("config-examples/sql/warehouse-install.sql"));
      database.execute(read("config-examples/sql/warehouse-install.sql"));

      // Then
      assertEquals(
          List.of(),
          new InventorySinkConnector()
              .validate(RunningSink.settings(database)).configValues().stream()
                  .flatMap(value -> value.errorMessages().stream())
                  .toList());
    }
  }

  @Test
  void auditScriptIsUpToDateAndMakesWhatTheSinkNeeds() throws IOException, SQLException {
    // Given
    assertUpToDate(
        "config-examples/sql/audit-install.sql",
        WarehouseTables.auditScript(WarehouseDatabase.AUDIT, OrderIdType.BIGINT));
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT)) {
      Map<String, String> settings = RunningSink.settings(database);
      settings.put("audit", "true");

      // When
      database.execute(read("config-examples/sql/audit-install.sql"));
      database.execute(read("config-examples/sql/audit-install.sql"));

      // Then
      assertEquals(
          List.of(),
          new InventorySinkConnector()
              .validate(settings).configValues().stream()
                  .flatMap(value -> value.errorMessages().stream())
                  .toList());
    }
  }

  @Test
  void uninstallScriptIsUpToDateAndLeavesNothing() throws IOException, SQLException {
    // Given
    assertUpToDate(
        "config-examples/sql/warehouse-uninstall.sql", WarehouseDatabase.TABLES.uninstallScript());
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT)) {
      // When
      database.execute(read("config-examples/sql/warehouse-uninstall.sql"));

      // Then
      assertEquals(
          List.of(),
          database.rows(
              "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"));
    }
  }
}
