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

/** Files of the repository that are generated from the code. */
class ShippedFilesTest {

  private static final String INTRODUCTION =
      """
      `io.orderflow.sink.InventorySinkConnector` applies order events, inventory updates and payment updates to
      stock and payments in PostgreSQL. It reads Structs, and the Maps that JSON without schemas is converted to.

      All settings of Connect sinks apply as well. Set `consumer.override.max.poll.records` to the size of a
      transaction (5000 is good). Set `errors.tolerance=all` and `errors.deadletterqueue.topic.name` to write
      [bad records](../bad-records.md) to a topic.

      Each `*.field` is the name of a field, or a path to it through nested structs and maps, in values and keys:
      `customer.id`, `payload.order.lines`. Paths of an item's fields start at the item. The events of other producers
      therefore need no transformation: for Debezium's, set `order.id.field=after.id` and so on. A field whose own
      name contains the dot, such as `customer.id`, takes precedence.

      You may correct `on_hand` in the stock table at any time, best by a difference: `UPDATE stock SET on_hand =
      on_hand + 5 WHERE sku = 'A'`. The view `stock_drift` shows SKUs whose stock differs from the effects of their
      orders, and should always be empty. `moved` is the sum of all changes of `on_hand` by orders; `on_hand - moved` is the
      quantity that was entered by hand.
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
