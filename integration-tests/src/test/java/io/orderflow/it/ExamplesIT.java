package io.orderflow.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.orderflow.it.fixture.Await;
import io.orderflow.it.fixture.Checkout;
import io.orderflow.it.fixture.Database;
import io.orderflow.it.fixture.Examples;
import io.orderflow.it.fixture.Messages;
import io.orderflow.it.fixture.OnRealWorkers;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.TaskMBeans;
import io.orderflow.it.fixture.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every file of config-examples does what it is there for, as it stands. */
@OnRealWorkers
class ExamplesIT {
  private static final Duration SOON = Duration.ofMinutes(2);

  @Test
  void ordersGoThroughTheExamplesFromShopToWarehouse(Stage stage) throws IOException, SQLException {
    // Given
    Database shop = stage.database("shop");
    Database warehouse = stage.database("warehouse");
    Examples.run(shop, "shop-example-schema.sql");
    Examples.run(shop, "shop-install.sql");
    Examples.run(warehouse, "warehouse-install.sql");
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
    Await.until("both orders are captured", SOON, () -> orders.count() == 2);
    Topic payments = stage.topicAsNamed("payment-updates", 2);
    Topic deadLetters = stage.topicAsNamed("inventory-dead-letters", 1);
    Examples.post(stage, "inventory-sink.json", Map.of("warehouse", warehouse));
    payments.send(
        List.of(
            Messages.payment(1, 1, "CAPTURED", "9.90"),
            Messages.payment(1, 2, "REFUNDED", "nine ninety"),
            Messages.payment(2, 1, "CAPTURED", "39.60")));
    shop.execute("UPDATE orders SET status = 'SHIPPED', version = 2 WHERE id = 1");

    // Then
    Await.equal(
        "both orders are applied",
        List.of("1 v2 SHIPPED", "2 v1 RESERVED"),
        SOON,
        () ->
            warehouse.texts(
                "SELECT concat(order_id, ' v', version, ' ', state) FROM order_inventory ORDER"
                    + " BY 1"));
    Await.equal(
        "the payment is applied",
        List.of("1 CAPTURED 9.90 of 9.90 EUR", "2   of 39.60 EUR"),
        SOON,
        () -> payments(warehouse));
    Await.equal("the bad payments are in the queue", 2, SOON, deadLetters::count);
    assertEquals(
        List.of("A 4 of 4"),
        warehouse.texts("SELECT concat(sku, ' ', reserved, ' of ', on_hand) FROM stock"));
    stage.connectors().awaitRunning("orders-source", 2);
    stage.connectors().awaitRunning("inventory-sink", 2);
    workersShowWhatWentThrough(stage);
    deadLettersArePutBack(stage, warehouse);
  }

  private static void workersShowWhatWentThrough(Stage stage) {
    TaskMBeans source = new TaskMBeans(stage, "orders-source");
    TaskMBeans sink = new TaskMBeans(stage, "inventory-sink");
    assertEquals(3, source.sum("events-total"));
    assertEquals(3, source.sum("items-total"));
    Await.equal("dead letters are counted", 2.0, SOON, () -> sink.sum("dead-letters-total"));
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
    Await.equal(
        "the other payment is applied",
        List.of("1 CAPTURED 9.90 of 9.90 EUR", "2 CAPTURED 39.60 of 39.60 EUR"),
        SOON,
        () -> payments(warehouse));
    Await.equal("the bad one is in the next queue", 1, SOON, again::count);
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
    Examples.run(shop, "shop-example-schema.sql");
    shop.execute(
        "INSERT INTO orders (customer, status, total, currency) VALUES ('Ann', 'PAID', 9.90, 'EUR')",
        "INSERT INTO order_items VALUES (1, 1, 'A', 1, 9.90)");

    // When
    Examples.post(stage, "orders-source-log.json", Map.of("shop", shop));
    Topic orders = stage.topicOfConnect("orders", 8);
    Await.until("the order is loaded", SOON, () -> orders.count() == 1);
    shop.execute("UPDATE orders SET status = 'SHIPPED', version = 2 WHERE id = 1");

    // Then
    Await.until("its change comes from the log", SOON, () -> orders.count() == 2);
    stage.connectors().awaitRunning("orders-source-log", 1);
  }

  @Test
  void uninstallingLeavesNothingBehind(Stage stage) throws SQLException {
    // Given
    Database shop = stage.database("shop");
    Database warehouse = stage.database("warehouse");
    Examples.run(shop, "shop-example-schema.sql");
    List<String> before = objects(shop);

    // When
    Examples.run(shop, "shop-install.sql");
    Examples.run(shop, "shop-install.sql");
    assertFalse(objects(shop).equals(before), "Something was installed");
    Examples.run(shop, "shop-deletes-install.sql");
    Examples.run(shop, "shop-deletes-install.sql");
    Examples.run(shop, "shop-deletes-uninstall.sql");
    Examples.run(shop, "shop-uninstall.sql");
    Examples.run(warehouse, "warehouse-install.sql");
    Examples.run(warehouse, "warehouse-install.sql");
    Examples.run(warehouse, "audit-install.sql");
    warehouse.execute("DROP TABLE order_audit", "DROP FUNCTION order_audit_months()");
    Examples.run(warehouse, "outcomes-install.sql");
    Examples.run(warehouse, "outcomes-uninstall.sql");
    Examples.run(warehouse, "warehouse-uninstall.sql");

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
    assertEquals(
        Set.of(
            "inventory-sink-dead-letters.json",
            "inventory-sink.json",
            "orders-source-log.json",
            "orders-source.json",
            "outcomes-source.json",
            "sql/audit-install.sql",
            "sql/outcomes-install.sql",
            "sql/outcomes-uninstall.sql",
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
