package io.orderflow.benchmarks.startup;

import io.orderflow.benchmarks.Benchmarks;
import io.orderflow.benchmarks.Databases;
import io.orderflow.benchmarks.Example;
import io.orderflow.benchmarks.OtherConnectors;
import io.orderflow.benchmarks.Sql;
import io.orderflow.benchmarks.Topics;
import io.orderflow.benchmarks.Waiting;
import io.orderflow.benchmarks.sink.Payments;
import io.orderflow.stack.LocalStack;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;

/** The connectors whose start is measured, each time with a database and a topic of its own. */
final class Subjects implements AutoCloseable {

  private static final String QUERY = "Orderflow's source, capture=query";
  private static final String LOG = "Orderflow's source, capture=log";
  private static final String DEBEZIUM = "Debezium's PostgreSQL source";
  private static final String NO_OP = "a source that makes its events itself";
  private static final String SINK = "Orderflow's sink";
  private static final String DEBEZIUM_SINK = "Debezium's JDBC sink";

  private static final int RECORDS = 1_000;

  private static final String ORDERS =
      """
      INSERT INTO orders (id, customer, status, total, currency)
      SELECT i, 'customer-' || i, 'PENDING', 19.98, 'EUR' FROM generate_series(1, 1000) AS i;
      INSERT INTO order_items (order_id, line_no, sku, quantity, unit_price)
      SELECT id, line, 'SKU-' || line, 1, 9.99 FROM orders, generate_series(1, 2) AS line
      """;

  private final Databases databases;
  private final Topics topics;
  private final Admin admin;
  private int runs;

  /** One run of a connector. */
  record Subject(String name, Map<String, String> config, Waiting.Condition seen, End end) {}

  /** The clean-up after a run. */
  @FunctionalInterface
  interface End {
    void run() throws Exception;
  }

  Subjects(LocalStack base) {
    this.databases = new Databases(base.postgres());
    this.topics = new Topics(base.kafka().bootstrapServers());
    this.admin = topics.admin();
  }

  List<String> names() {
    return List.of(NO_OP, QUERY, LOG, DEBEZIUM, SINK, DEBEZIUM_SINK);
  }

  Subject prepare(String title) throws Exception {
    String name = "start_" + ++runs;
    return title.equals(SINK) || title.equals(DEBEZIUM_SINK)
        ? sink(title, name)
        : source(title, name);
  }

  private Subject source(String title, String name) throws SQLException {
    databases.create(name, "shop-example-schema.sql");
    try (Connection shop = databases.connect(name)) {
      Sql.execute(shop, ORDERS);
    }
    if (title.equals(QUERY)) {
      databases.run(name, "shop-install.sql");
    }
    String topic = title.equals(DEBEZIUM) ? name + ".public.orders" : name;
    topics.create(topic);
    return new Subject(
        name,
        sourceConfig(title, name),
        () -> topics.committedEnd(admin, List.of(topic)) > 0,
        () -> {
          databases.dropSlots(name, name);
          databases.drop(name);
        });
  }

  private Map<String, String> sourceConfig(String title, String name) {
    Example example =
        example(title.equals(LOG) ? "orders-source-log.json" : "orders-source.json", name)
            .with("topic", name);
    return switch (title) {
      case NO_OP ->
          OtherConnectors.noOpSource(
              example.only(OtherConnectors.WITH_PRODUCER).config(), name, RECORDS);
      case DEBEZIUM -> {
        Map<String, String> config =
            OtherConnectors.debeziumSource(
                example.only(OtherConnectors.OF_CONNECT).config(), databases.server(), name, name);
        config.put("topic.prefix", name);
        yield config;
      }
      case LOG -> example.with("slot.name", name).with("publication.name", name).config();
      default -> example.config();
    };
  }

  private Subject sink(String title, String name) throws SQLException {
    databases.create(name, "warehouse-install.sql");
    Connection warehouse = databases.connect(name);
    topics.create(name);
    Payments payments = new Payments(name, RECORDS);
    try (KafkaProducer<byte[], byte[]> producer = topics.producer()) {
      for (int i = 0; i < RECORDS; i++) {
        var unused = producer.send(payments.record(i));
      }
    }
    Example example = example("inventory-sink.json", name).with("topics", name);
    return new Subject(
        name,
        title.equals(SINK)
            ? example.with("topics.payment", name).only("(?!topics\\.order$|errors\\.).*").config()
            : OtherConnectors.debeziumSink(
                example.only(OtherConnectors.OF_CONNECT).config(), databases.server(), name),
        () -> Sql.number(warehouse, "SELECT count(*) FROM payments") > 0,
        () -> {
          warehouse.close();
          databases.drop(name);
        });
  }

  private Example example(String file, String database) {
    return Example.read(Benchmarks.root(), file)
        .on(databases.server(), database)
        .with("tasks.max", "1");
  }

  @Override
  public void close() {
    admin.close();
  }
}
