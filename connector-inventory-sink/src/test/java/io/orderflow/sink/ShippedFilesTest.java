package io.orderflow.sink;

import static io.orderflow.sink.fixture.RepositoryFile.assertUpToDate;
import static io.orderflow.sink.fixture.RepositoryFile.read;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.config.ConfigReference;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files of the repository that are generated from the code. */
class ShippedFilesTest {

  private static final String INTRODUCTION =
      """
      `io.orderflow.sink.InventorySinkConnector` applies order events, inventory updates and payment
      updates to the stock and payments tables of PostgreSQL. Record values are Structs, or Maps as
      JSON without schemas produces them.

      The settings of every Connect sink apply too. Set `consumer.override.max.poll.records` to the
      number of records that one transaction should apply, such as 5000, and `errors.tolerance=all`
      with `errors.deadletterqueue.topic.name` to send [bad records](../bad-records.md) to a
      dead-letter queue. A misspelled setting is an error of `validate`; other settings that neither
      the sink nor Connect knows are logged as warnings when the connector starts.

      Each `*.field` is the name of a field, or a path through nested structs and maps, in the record's
      value and key: `customer.id`, `payload.order.lines`. Paths of an item's fields start at the item.
      Events of other producers therefore need no transformation. A field whose own name contains the
      dots, such as `customer.id`, has precedence over the path.

      For events of Debezium, set `order.id.field=after.id` and so on:

      - The event of a deleted row (`op` is `d`) counts as the tombstone that follows it; its order ID
        is read from `before`. So does a row with `__deleted` of ExtractNewRecordState.
      - A deletion is final, unless the version is a field of the event: with
        `order.version.field=source.lsn` and Debezium's `tombstones.on.delete=false`, an order may
        return under its ID.
      - A table that refers to orders by another column than its key needs REPLICA IDENTITY FULL, or
        its deletes do not name the order.
      - A TRUNCATE names no order, and is a bad record.

      A record key is the order ID, or has it in a field of the same name. A struct or map without it is
      the key of another table and is ignored, and so is any key of a payment with an order ID in its
      value. A field that is null in the value is not taken from the key.

      With `payment.id.field`, an order may have several payments and refunds, each with an ID and
      versions of its own. Their order ID is in the value. A record key is the payment's ID, or has it in
      fields of the same names, or is a struct or map without them; with `payment.deletions=ignore` it
      may be anything.
      The view `payments_balance` shows what each order has paid, and what is open, and `payment_totals_drift`
      is empty as long as the sums are those of the payments: [your shop](../your-shop.md#payments).

      Numbers may be integers, decimals of Connect or Debezium (each `decimal.handling.mode`), text, or
      floating-point numbers of at most 15 digits; `3.00` is 3. Items may be an array or JSON text, and
      are read only for a status or intent that moves stock: an order that is cancelled releases its
      stock, whatever its lines contain. Codes of currencies may be in lower case.

      Null is null, even if the field's schema has a default. Connect's JsonConverter must leave it so:
      set `value.converter.replace.null.with.default=false`, unless fields have no defaults.

      With `quantity.scale`, the tables count in steps of the last decimal: 1250 is 1.250 with a scale of
      3. The views `stock_units`, `order_inventory_units`, `order_inventory_lines`, `order_audit_lines` and
      `stock_drift` show units, and `stock_scale` the scale, which a sink refuses if its setting differs.

      `on_hand` of the stock table may be corrected at any time, best by a difference: `UPDATE stock
      SET on_hand = on_hand + 5 WHERE sku = 'A' AND location = ''`. The view `stock_drift` is empty as long as `reserved`
      is the sum of all orders' reservations, and `moved` the sum of what orders have added to
      `on_hand`. Manual corrections are the difference `on_hand - moved`.
      """;

  @Test
  void configurationReferenceIsUpToDate() throws IOException {
    assertUpToDate(
        "docs/configuration/inventory-sink.md",
        ConfigReference.markdown(
            "Settings of the inventory sink", INTRODUCTION, InventorySinkConfig.definition()));
  }

  @Test
  void installScriptIsUpToDateAndMakesWhatTheSinkNeeds() throws IOException, SQLException {
    // Given
    assertUpToDate(
        "config-examples/sql/warehouse-install.sql",
        WarehouseDatabase.TABLES.installScript(OrderIdType.BIGINT, 0));
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
        WarehouseDatabase.TABLES.auditScript(WarehouseDatabase.AUDIT, OrderIdType.BIGINT));
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
  void paymentsScriptIsUpToDateAndMakesWhatTheSinkNeeds() throws IOException, SQLException {
    // Given
    assertUpToDate(
        "config-examples/sql/payments-install.sql",
        WarehouseDatabase.WITH_PAYMENT_IDS.orderPaymentsScript(OrderIdType.BIGINT));
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT)) {
      Map<String, String> settings = RunningSink.settings(database);
      settings.put("payment.id.field", "id");

      // When
      database.execute(read("config-examples/sql/payments-install.sql"));
      database.execute(read("config-examples/sql/payments-install.sql"));

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
  void backordersScriptIsUpToDateAndMakesWhatTheSinkNeeds() throws IOException, SQLException {
    // Given
    assertUpToDate(
        "config-examples/sql/backorders-install.sql",
        WarehouseDatabase.WITH_BACKORDERS.backordersScript(OrderIdType.BIGINT));
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT)) {
      Map<String, String> settings = RunningSink.settings(database);
      settings.put("backorders", "true");

      // When
      database.execute(read("config-examples/sql/backorders-install.sql"));
      database.execute(read("config-examples/sql/backorders-install.sql"));

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
        "config-examples/sql/warehouse-uninstall.sql", WarehouseDatabase.ALL.uninstallScript());
    try (WarehouseDatabase database = WarehouseDatabase.withPaymentIds(OrderIdType.BIGINT)) {
      database.execute(read("config-examples/sql/audit-install.sql"));
      database.execute(read("config-examples/sql/backorders-install.sql"));

      // When: the second time there is nothing to remove
      database.execute(read("config-examples/sql/warehouse-uninstall.sql"));
      database.execute(read("config-examples/sql/warehouse-uninstall.sql"));

      // Then: the audit trail is kept
      assertEquals(
          List.of(),
          database.rows(
              "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                  + " AND relname NOT LIKE 'order\\_audit\\_20%'"
                  + " AND relname NOT IN ('order_audit', 'order_audit_pkey')"));
    }
  }
}
