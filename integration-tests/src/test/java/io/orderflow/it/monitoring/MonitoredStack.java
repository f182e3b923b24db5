package io.orderflow.it.monitoring;

import static org.awaitility.Awaitility.await;

import io.orderflow.it.fixture.Capture;
import io.orderflow.it.fixture.Database;
import io.orderflow.it.fixture.Examples;
import io.orderflow.it.fixture.Shop;
import io.orderflow.it.fixture.Stage;
import io.orderflow.it.fixture.Topic;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.PluginArchives;
import io.orderflow.stack.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * A shop, a warehouse and the example connectors between them, on a worker and a broker that export
 * their metrics as they do in production, and a Prometheus that scrapes them.
 */
record MonitoredStack(
    LocalStack stack,
    Stage stage,
    Prometheus prometheus,
    int workerExporter,
    int brokerExporter,
    Database shop,
    Database warehouse,
    Topic payments)
    implements AutoCloseable {

  private static final int ORDERS_TO_SNAPSHOT = 50_000;
  private static final Path FOLDER = Path.of("target").toAbsolutePath();

  static MonitoredStack start() throws IOException, SQLException {
    int worker = Ports.free();
    int broker = Ports.free();
    LocalStack stack =
        LocalStack.builder()
            .pluginArchives(PluginArchives.ofThisCheckout())
            .postgresSetting("track_commit_timestamp", "on")
            .postgresSetting("wal_level", "logical")
            .postgresSetting("fsync", "off")
            .brokerJvm("-Xmx512m", "-XX:TieredStopAtLevel=1", agent(broker, "broker"))
            .workerJvm("-Xmx768m", "-XX:TieredStopAtLevel=1", agent(worker, "connect"))
            .parentFolder(FOLDER)
            .start();
    Stage stage = new Stage(stack);
    Prometheus prometheus =
        Prometheus.start(stack.folder().resolve("prometheus"), List.of(worker, broker));
    Database shop = shop(stage, "shop");
    shop.runExample("shop-install.sql");
    Database warehouse = stage.database("warehouse");
    warehouse.runExample("warehouse-install.sql");
    warehouse.execute("INSERT INTO stock (sku, on_hand) VALUES ('A', 1000000)");
    Topic payments = stage.topicAsNamed("payment-updates", 2);
    stage.topicAsNamed("inventory-dead-letters", 1);
    Examples.post(stage, "orders-source.json", Map.of("shop", shop));
    Topic orders = stage.topicOfConnect("orders", 8);
    order(shop, 1, "A");
    await("the first order is captured").until(() -> orders.count() > 0);
    Examples.post(stage, "orders-source-log.json", Map.of("shop", shop(stage, "shop_of_the_log")));
    Examples.post(stage, "inventory-sink.json", Map.of("warehouse", warehouse));
    await("the first order is applied")
        .until(() -> warehouse.number("SELECT count(*) FROM order_inventory") > 0);
    return new MonitoredStack(stack, stage, prometheus, worker, broker, shop, warehouse, payments);
  }

  private static Database shop(Stage stage, String name) throws SQLException {
    Database shop = stage.database(name);
    shop.runExample("shop-example-schema.sql");
    return shop;
  }

  /** A shop of its own with many orders, without statistics. */
  Shop shopToSnapshot(String name) {
    Shop shop = Shop.create(stage.database(name), "bigint");
    shop.database()
        .execute(
            "ALTER TABLE orders SET (autovacuum_enabled = off)",
            "ALTER TABLE order_items SET (autovacuum_enabled = off)");
    shop.install();
    shop.fill(ORDERS_TO_SNAPSHOT);
    return shop;
  }

  /**
   * Starts a source that captures a few orders at a time.
   *
   * @return the connector's name
   */
  String snapshot(Capture capture, Shop from, Topic into) {
    Map<String, String> config = capture.source(from, into);
    config.put("tasks.max", "1");
    config.put("batch.max.orders", "32");
    config.put("snapshot.chunk.size", "32");
    return stage.connectors().start(from.database().name(), config);
  }

  private static String agent(int port, String what) {
    return "-javaagent:%s=127.0.0.1:%d:%s"
        .formatted(Tools.EXPORTER, port, Tools.FOLDER.resolve("jmx-exporter-" + what + ".yaml"));
  }

  /** Places an order for one piece. */
  static void order(Database shop, long id, String sku) {
    shop.execute(
        "INSERT INTO orders (id, customer, status, total, currency) OVERRIDING SYSTEM VALUE"
            + " VALUES (%d, 'Ann', 'PAID', 9.90, 'EUR')".formatted(id),
        "INSERT INTO order_items VALUES (%d, 1, '%s', 1, 9.90)".formatted(id, sku));
  }

  /** The current pages of both exporters. */
  String scrape() throws IOException {
    return page(workerExporter) + page(brokerExporter);
  }

  private static String page(int port) throws IOException {
    return Prometheus.text(URI.create("http://127.0.0.1:" + port + "/metrics"));
  }

  /** Returns once an alert fires for a connector, or for any if the connector is empty. */
  void awaitAlert(String alert, String connector) {
    await(alert + " fires for " + connector).until(() -> prometheus.fires(alert, connector));
  }

  void awaitNoAlert(String alert, String connector) {
    await(alert + " is over for " + connector).until(() -> !prometheus.fires(alert, connector));
  }

  @Override
  public void close() {
    prometheus.close();
    stage.close();
    stack.close();
  }
}
