package io.orderflow.benchmarks.startup;

import io.orderflow.benchmarks.Example;
import io.orderflow.benchmarks.Sql;
import io.orderflow.benchmarks.Topics;
import io.orderflow.benchmarks.Waiting;
import io.orderflow.benchmarks.plugin.NoOpSourceConnector;
import io.orderflow.benchmarks.plugin.PaymentConverter;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.PostgresServer;
import io.orderflow.stack.SqlScript;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

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

  private static final String OF_CONNECT =
      "topics|tasks\\.max|exactly\\.once\\.support|(key|value)\\.converter.*|consumer\\..*";

  private final PostgresServer server;
  private final Topics topics;
  private final Admin admin;
  private final Path root;
  private int runs;

  /** One run of one of them. */
  record Subject(String name, Map<String, String> config, Waiting.Figure seen, End end) {}

  /** What is to be done after a run. */
  @FunctionalInterface
  interface End {
    void run() throws Exception;
  }

  Subjects(LocalStack base, Path root) {
    this.server = base.postgres();
    this.topics = new Topics(base.kafka().bootstrapServers());
    this.admin = Admin.create(Map.of("bootstrap.servers", topics.bootstrapServers()));
    this.root = root;
  }

  List<String> names() {
    return List.of(NO_OP, QUERY, LOG, DEBEZIUM, SINK, DEBEZIUM_SINK);
  }

  Subject prepare(String title) throws Exception {
    String name = "start_" + ++runs;
    server.createDatabase(name);
    return title.equals(SINK) || title.equals(DEBEZIUM_SINK)
        ? sink(title, name)
        : source(title, name);
  }

  private Subject source(String title, String name) throws SQLException {
    try (Connection shop = server.connect(name)) {
      SqlScript.run(shop, sql("shop-example-schema.sql"));
      Sql.execute(shop, ORDERS);
      if (title.equals(QUERY)) {
        SqlScript.run(shop, sql("shop-install.sql"));
      }
    }
    String topic = title.equals(DEBEZIUM) ? name + ".public.orders" : name;
    topics.create(topic);
    return new Subject(
        name,
        sourceConfig(title, name),
        () -> topics.committedEnd(admin, List.of(topic)) > 0,
        () -> dropShop(name));
  }

  private Map<String, String> sourceConfig(String title, String name) {
    Example example =
        Example.read(root, title.equals(LOG) ? "orders-source-log.json" : "orders-source.json")
            .on(server, name)
            .with("topic", name)
            .with("tasks.max", "1");
    switch (title) {
      case NO_OP -> {
        Map<String, String> config =
            new LinkedHashMap<>(example.only(OF_CONNECT + "|producer\\..*").config());
        config.put("connector.class", NoOpSourceConnector.class.getName());
        config.put(NoOpSourceConnector.TOPIC, name);
        config.put(NoOpSourceConnector.COUNT, Integer.toString(RECORDS));
        return config;
      }
      case DEBEZIUM -> {
        return debezium(example, name);
      }
      default -> {
        return title.equals(LOG)
            ? example.with("slot.name", name).with("publication.name", name).config()
            : example.config();
      }
    }
  }

  private Map<String, String> debezium(Example example, String name) {
    URI url = URI.create(server.jdbcUrl(name).substring(5));
    Map<String, String> config = new LinkedHashMap<>(example.only(OF_CONNECT).config());
    config.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    config.put("database.hostname", url.getHost());
    config.put("database.port", Integer.toString(url.getPort()));
    config.put("database.user", server.user());
    config.put("database.password", server.password());
    config.put("database.dbname", name);
    config.put("plugin.name", "pgoutput");
    config.put("slot.name", name);
    config.put("publication.name", name);
    config.put("publication.autocreate.mode", "filtered");
    config.put("topic.prefix", name);
    config.put("table.include.list", "public.orders");
    return config;
  }

  private void dropShop(String name) throws Exception {
    try (Connection shop = server.connect(name)) {
      Waiting.until(
          "slots are free",
          Duration.ofMillis(100),
          () ->
              Sql.first(
                          shop,
                          "SELECT count(*) FROM pg_replication_slots WHERE database = current_database() AND active")
                      .whole(0)
                  == 0);
      Sql.execute(
          shop,
          "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()");
    }
    drop(name);
  }

  private Subject sink(String title, String name) throws SQLException {
    Connection watching = server.connect(name);
    SqlScript.run(watching, sql("warehouse-install.sql"));
    topics.create(name);
    try (KafkaProducer<byte[], byte[]> producer = topics.producer()) {
      for (int i = 0; i < RECORDS; i++) {
        var unused = producer.send(payment(name, i));
      }
    }
    Example example =
        Example.read(root, "inventory-sink.json")
            .on(server, name)
            .with("topics", name)
            .with("tasks.max", "1");
    return new Subject(
        name,
        title.equals(SINK)
            ? new LinkedHashMap<>(
                example
                    .with("topics.payment", name)
                    .only("(?!topics\\.order$|errors\\.).*")
                    .config())
            : debeziumSink(example, name),
        () -> Sql.first(watching, "SELECT count(*) FROM payments").whole(0) > 0,
        () -> {
          watching.close();
          drop(name);
        });
  }

  private static ProducerRecord<byte[], byte[]> payment(String topic, int order) {
    String value =
        "{\"order_id\":%d,\"version\":1,\"status\":\"CAPTURED\",\"amount\":\"19.98\",\"currency\":\"EUR\",\"provider\":\"example-pay\",\"reference\":\"pay\"}"
            .formatted(order);
    return new ProducerRecord<>(
        topic,
        Integer.toString(order).getBytes(StandardCharsets.UTF_8),
        value.getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, String> debeziumSink(Example example, String name) {
    Map<String, String> config = new LinkedHashMap<>(example.only(OF_CONNECT).config());
    config.put("connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector");
    config.put("connection.url", server.jdbcUrl(name));
    config.put("connection.username", server.user());
    config.put("connection.password", server.password());
    config.put("collection.name.format", "payments");
    config.put("schema.evolution", "none");
    config.put("insert.mode", "upsert");
    config.put("delete.enabled", "false");
    config.put("primary.key.mode", "record_value");
    config.put("primary.key.fields", "order_id");
    config.put("key.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
    config.put("value.converter", PaymentConverter.class.getName());
    return config;
  }

  private Path sql(String file) {
    return root.resolve("config-examples/sql").resolve(file);
  }

  private void drop(String name) throws SQLException {
    try (Connection connection = server.connect("postgres")) {
      Sql.execute(connection, "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
