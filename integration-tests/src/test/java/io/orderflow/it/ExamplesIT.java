package io.orderflow.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.orderflow.it.fixture.Database;
import io.orderflow.it.fixture.Examples;
import io.orderflow.it.fixture.Messages;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.TaskMBeans;
import io.orderflow.it.fixture.Topic;
import io.orderflow.stack.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every file of config-examples works as it stands. */
@OnRealWorkers
class ExamplesIT {

  @Test
  void ordersGoThroughTheExamplesFromShopToWarehouse(Stage stage) throws IOException, SQLException {
    // Given
    Database shop = stage.database("shop");
    Database warehouse = stage.database("warehouse");
    shop.runExample("shop-example-schema.sql");
    shop.runExample("shop-install.sql");
    warehouse.runExample("warehouse-install.sql");
    warehouse.execute(
        "INSERT INTO stock (sku, on_hand) VALUES ('A', 5)",
        "ALTER TABLE payments ADD CONSTRAINT mistaken CHECK (amount < 30)");
    shop.execute(
        "INSERT INTO orders (customer, status, total, currency) VALUES ('Ann', 'PAID', 9.90,"
            + " 'EUR'), ('Bob', 'PENDING', 39.60, 'EUR')",
        "INSERT INTO order_items VALUES (1, 1, 'A', 1, 9.90), (2, 1, 'A', 4, 9.90)");

    // When
    Examples.post(stage, "orders-source.json", Map.of("shop", shop));
    Topic orders = stage.topicOfConnect("orders", 8);
    await("both orders are captured").until(() -> orders.count() == 2);
    Topic payments = stage.topicAsNamed("payment-updates", 2);
    Topic deadLetters = stage.topicAsNamed("inventory-dead-letters", 1);
    Examples.post(stage, "inventory-sink.json", Map.of("warehouse", warehouse));
    payments.send(
        List.of(
            Messages.payment(1, 1, "CAPTURED", "9.90"),
            Messages.payment(1, 2, "REFUNDED", "nine ninety"),
            Messages.payment(2, 1, "CAPTURED", "39.60")));
    stage.connectors().awaitRunning("orders-source", 2);
    stage.connectors().awaitRunning("inventory-sink", 2);
    double emitted = new TaskMBeans(stage, "orders-source").sum("events-total");
    shop.execute("UPDATE orders SET status = 'SHIPPED', version = 2 WHERE id = 1");

    // Then
    await("both orders are applied")
        .until(
            () ->
                warehouse.texts(
                    "SELECT concat(order_id, ' v', version, ' ', state) FROM order_inventory ORDER"
                        + " BY 1"),
            equalTo(List.of("1 v2 SHIPPED", "2 v1 RESERVED")));
    await("the payment is applied")
        .until(
            () -> payments(warehouse),
            equalTo(List.of("1 CAPTURED 9.90 of 9.90 EUR", "2   of 39.60 EUR")));
    await("the bad payments are in the queue").until(deadLetters::count, equalTo(2));
    assertEquals(
        List.of("A 4 of 4"),
        warehouse.texts("SELECT concat(sku, ' ', reserved, ' of ', on_hand) FROM stock"));
    workersShowWhatWentThrough(stage, emitted);
    deadLettersArePutBack(stage, warehouse);
  }

  /**
   * The metrics of a task begin at 0 where it starts again, as when the second connector came.
   *
   * @param emitted events of the tasks that run, before the last one
   */
  private static void workersShowWhatWentThrough(Stage stage, double emitted) {
    TaskMBeans source = new TaskMBeans(stage, "orders-source");
    TaskMBeans sink = new TaskMBeans(stage, "inventory-sink");
    await("the event is counted").until(() -> source.sum("events-total"), equalTo(emitted + 1));
    assertEquals(source.sum("events-total"), source.sum("items-total"));
    await("dead letters are counted").until(() -> sink.sum("dead-letters-total"), equalTo(2.0));
    assertEquals(1, sink.sum("payments-applied-total"));
    assertEquals(0, sink.sum("outages-ongoing"));
  }

  /** One of them for a reason that is gone by then, the other as bad as ever. */
  private static void deadLettersArePutBack(Stage stage, Database warehouse) {
    // Given
    Topic again = stage.topicAsNamed("inventory-dead-letters-again", 1);
    warehouse.execute("ALTER TABLE payments DROP CONSTRAINT mistaken");

    // When
    Examples.post(stage, "inventory-sink-dead-letters.json", Map.of("warehouse", warehouse));

    // Then
    await("the other payment is applied")
        .until(
            () -> payments(warehouse),
            equalTo(List.of("1 CAPTURED 9.90 of 9.90 EUR", "2 CAPTURED 39.60 of 39.60 EUR")));
    await("the bad one is in the next queue").until(again::count, equalTo(1));
  }

  private static List<String> payments(Database warehouse) {
    return warehouse.texts(
        "SELECT concat(order_id, ' ', status, ' ', amount, ' of ', due, ' ', due_currency)"
            + " FROM payments ORDER BY 1");
  }

  @Test
  void ordersComeFromTheLogIntoATopic(Stage stage) throws SQLException, IOException {
    // Given
    Database shop = stage.database("shop");
    shop.runExample("shop-example-schema.sql");
    shop.execute(
        "INSERT INTO orders (customer, status, total, currency) VALUES ('Ann', 'PAID', 9.90,"
            + " 'EUR')",
        "INSERT INTO order_items VALUES (1, 1, 'A', 1, 9.90)");

    // When
    Examples.post(stage, "orders-source-log.json", Map.of("shop", shop));
    Topic orders = stage.topicOfConnect("orders", 8);
    await("the order is loaded").until(() -> orders.count() == 1);
    shop.execute("UPDATE orders SET status = 'SHIPPED', version = 2 WHERE id = 1");

    // Then
    await("its change comes from the log").until(() -> orders.count() == 2);
    stage.connectors().awaitRunning("orders-source-log", 1);
  }

  @Test
  void uninstallingLeavesNothingBehind(Stage stage) throws SQLException {
    // Given
    Database shop = stage.database("shop");
    Database warehouse = stage.database("warehouse");
    shop.runExample("shop-example-schema.sql");
    List<String> before = objects(shop);

    // When
    shop.runExample("shop-install.sql");
    shop.runExample("shop-install.sql");
    assertFalse(objects(shop).equals(before), "Something was installed");
    shop.runExample("shop-deletes-install.sql");
    shop.runExample("shop-deletes-install.sql");
    shop.runExample("shop-deletes-uninstall.sql");
    shop.runExample("shop-uninstall.sql");
    warehouse.runExample("warehouse-install.sql");
    warehouse.runExample("warehouse-install.sql");
    warehouse.runExample("payments-install.sql");
    warehouse.runExample("payments-install.sql");
    warehouse.runExample("backorders-install.sql");
    warehouse.runExample("backorders-install.sql");
    warehouse.runExample("audit-install.sql");
    warehouse.execute(
        "DROP VIEW order_audit_lines",
        "DROP TABLE order_audit",
        "DROP FUNCTION order_audit_months()");
    warehouse.runExample("outcomes-install.sql");
    warehouse.runExample("outcomes-uninstall.sql");
    warehouse.runExample("warehouse-uninstall.sql");

    // Then
    assertEquals(before, objects(shop));
    assertEquals(List.of(), objects(warehouse));
  }

  @Test
  void noExampleIsLeftOutHere() throws IOException {
    Set<String> files = new TreeSet<>();
    Path folder = Checkout.root().resolve("config-examples");
    try (Stream<Path> tree = Files.walk(folder)) {
      tree.filter(Files::isRegularFile)
          .forEach(file -> files.add(folder.relativize(file).toString()));
    }
    files.removeIf(file -> file.endsWith(".md"));
    files.removeIf(file -> file.startsWith("kubernetes/")); // KubernetesManifestsTest
    files.removeIf(file -> file.startsWith("logging/")); // TracesIT
    files.removeIf(file -> file.startsWith("tracing/")); // CollectorConfigurationTest
    files.removeIf(file -> file.startsWith("monitoring/")); // MonitoringIT
    files.removeIf(file -> file.startsWith("shops/")); // ShopsIT
    assertEquals(
        Set.of(
            "availability-source.json",
            "inventory-sink-dead-letters.json",
            "inventory-sink.json",
            "orders-source-log.json",
            "orders-source.json",
            "outcomes-source.json",
            "sql/audit-install.sql",
            "sql/backorders-install.sql",
            "sql/outcomes-install.sql",
            "sql/outcomes-uninstall.sql",
            "sql/payments-install.sql",
            "sql/shop-deletes-install.sql",
            "sql/shop-deletes-uninstall.sql",
            "sql/shop-example-schema.sql",
            "sql/shop-install.sql",
            "sql/shop-uninstall.sql",
            "sql/warehouse-install.sql",
            "sql/warehouse-uninstall.sql"),
        files,
        "A new example needs a test that uses it");
  }

  /** Columns, indexes, triggers and functions. */
  private static List<String> objects(Database database) {
    return database.texts(
        """
        SELECT table_name || '.' || column_name FROM information_schema.columns
         WHERE table_schema = 'public'
        UNION ALL SELECT indexname FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        ORDER BY 1
        """);
  }
}
