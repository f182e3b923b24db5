package io.orderflow.it.runbook;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.orderflow.it.fixture.Database;
import io.orderflow.stack.ConnectRest;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.PluginArchives;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;

/** A shop and a warehouse with the examples' connectors between them, under the examples' names. */
final class ExampleStack implements AutoCloseable {
  static final Duration SOON = Duration.ofMinutes(2);

  /** The orders' IDs run from 4701 to 4900. */
  static final int ORDERS = 200;

  private final LocalStack stack;
  private final Operator operator;
  private final Database shop;
  private final Database warehouse;

  private ExampleStack(LocalStack stack, Operator operator) {
    this.stack = stack;
    this.operator = operator;
    this.shop = new Database(stack.postgres(), "shop");
    this.warehouse = new Database(stack.postgres(), "warehouse");
  }

  /** The steps of an operator who follows a page. */
  interface Steps {
    void run(ExampleStack examples, Operator operator) throws Exception;
  }

  /** Runs the steps while orders are captured by an example, and all commands of the page. */
  static void follow(String page, String source, Steps steps) throws Exception {
    follow(page, source, PluginArchives.ofThisCheckout(), steps);
  }

  /** The same with plugins of another version. */
  static void follow(String page, String source, List<Path> archives, Steps steps)
      throws Exception {
    try (ExampleStack examples = begin(Runbook.read(page), source, archives)) {
      steps.run(examples, examples.operator);
      examples.operator.assertAllDone();
    }
  }

  private static ExampleStack begin(Runbook page, String source, List<Path> archives)
      throws IOException, InterruptedException {
    LocalStack stack =
        LocalStack.builder()
            .workers(2)
            .databases("shop", "warehouse")
            .pluginArchives(archives)
            .postgresSetting("wal_level", "logical")
            .postgresSetting("max_prepared_transactions", "5")
            .postgresSetting("fsync", "off")
            .shortLived()
            .parentFolder(Path.of("target").toAbsolutePath())
            .start();
    ExampleStack examples = new ExampleStack(stack, Operator.of(page, stack));
    try {
      examples.open(source);
      return examples;
    } catch (Throwable e) {
      stack.keepLogs();
      examples.close();
      throw e;
    }
  }

  private void open(String source) throws IOException, InterruptedException {
    operator.psql("shop", "\\i config-examples/sql/shop-example-schema.sql");
    operator.psql("shop", "\\i config-examples/sql/shop-install.sql");
    operator.psql("warehouse", "\\i config-examples/sql/warehouse-install.sql");
    warehouse.execute("INSERT INTO stock (sku, on_hand) VALUES ('A', 1000), ('B', 50)");
    place(4701, ORDERS);
    operator.bash(
        """
        for topic in payment-updates inventory-dead-letters inventory-dead-letters-again; do
          kafka-topics.sh --bootstrap-server localhost:9092 --create --topic $topic --partitions 2
        done
        curl -sS -H 'Content-Type: application/json' -d @config-examples/%s.json localhost:8083/connectors
        until kafka-topics.sh --bootstrap-server localhost:9092 --list | grep -qx orders; do sleep 1; done
        curl -sS -H 'Content-Type: application/json' -d @config-examples/inventory-sink.json localhost:8083/connectors
        """
            .formatted(source));
    awaitAllApplied();
  }

  /** Places PAID orders of one A each, from this ID on, in one transaction. */
  void place(int first, int count) {
    shop.execute(
        """
        WITH placed AS (
          INSERT INTO orders (id, customer, status, total, currency)
          SELECT n, 'Ann', 'PAID', 9.90, 'EUR' FROM generate_series(%d, %d) n RETURNING id)
        INSERT INTO order_items SELECT id, 1, 'A', 1, 9.90 FROM placed
        """
            .formatted(first, first + count - 1));
  }

  /** The warehouse has each order of the shop in its version. */
  void awaitAllApplied() {
    await("all orders are in the warehouse")
        .until(
            () -> warehouse.map("SELECT order_id, version FROM order_inventory ORDER BY order_id"),
            equalTo(shop.map("SELECT id, version FROM orders ORDER BY id")));
    Assertions.assertEquals(0, warehouse.number("SELECT count(*) FROM stock_drift"));
  }

  Operator operator() {
    return operator;
  }

  Database shop() {
    return shop;
  }

  Database warehouse() {
    return warehouse;
  }

  LocalStack stack() {
    return stack;
  }

  ConnectRest rest() {
    return stack.connect().rest();
  }

  /** The number of records in a topic. */
  long events(String topic) throws IOException, InterruptedException {
    return operator
        .bash("kafka-get-offsets.sh --bootstrap-server localhost:9092 --topic " + topic)
        .lines()
        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(':') + 1)))
        .sum();
  }

  /** All committed events, as JSON; those of one order in their order. */
  List<String> emitted() throws IOException, InterruptedException {
    return operator
        .bash(
            "kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic orders"
                + " --from-beginning --timeout-ms 5000 --isolation-level read_committed")
        .lines()
        .filter(line -> line.startsWith("{"))
        .toList();
  }

  @Override
  public void close() {
    stack.close();
  }
}
