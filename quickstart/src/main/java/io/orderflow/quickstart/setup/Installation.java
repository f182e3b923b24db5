package io.orderflow.quickstart.setup;

import io.orderflow.stack.ConnectRest;
import io.orderflow.stack.KafkaCluster;
import io.orderflow.stack.PostgresServer;
import io.orderflow.stack.SqlScript;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/** Installs the shipped SQL and the shipped configurations, as an operator would. */
public final class Installation {

  /** The databases; they exist and are empty. */
  public static final String SHOP = "shop";

  public static final String WAREHOUSE = "warehouse";

  private static final Duration READY_WITHIN = Duration.ofSeconds(90);
  private static final int PAYMENT_PARTITIONS = 8;
  private static final String INSERT_STOCK =
      "INSERT INTO stock (sku, on_hand) SELECT * FROM unnest(?::text[], ?::bigint[])";

  private final ConfigExamples examples;
  private final PostgresServer postgres;
  private final KafkaCluster kafka;
  private final ConnectorFile source;
  private final ConnectorFile sink;

  /** Reads the shipped files. */
  public Installation(ConfigExamples examples, PostgresServer postgres, KafkaCluster kafka) {
    this.examples = examples;
    this.postgres = postgres;
    this.kafka = kafka;
    Map<String, String> places = places(postgres);
    this.source = examples.ordersSource(places);
    this.sink = examples.inventorySink(places);
  }

  static Map<String, String> places(PostgresServer postgres) {
    Map<String, String> places = new HashMap<>();
    places.put("SHOP_DATABASE_URL", postgres.jdbcUrl(SHOP));
    places.put("WAREHOUSE_DATABASE_URL", postgres.jdbcUrl(WAREHOUSE));
    for (String database : List.of("SHOP", "WAREHOUSE")) {
      places.put(database + "_DATABASE_USER", postgres.user());
      places.put(database + "_DATABASE_PASSWORD", postgres.password());
    }
    return places;
  }

  /** Creates the shop's own tables. */
  public void createShop() throws SQLException {
    run(SHOP, examples.shopSchema());
  }

  /** Installs the change tracking of the source; the shop may have orders already. */
  public void installCapture() throws SQLException {
    run(SHOP, examples.shopInstall());
  }

  /** Creates the warehouse's tables and puts stock into them. */
  public void createWarehouse(Map<String, Long> onHand) throws SQLException {
    run(WAREHOUSE, examples.warehouseInstall());
    try (Connection connection = postgres.connect(WAREHOUSE);
        PreparedStatement insert = connection.prepareStatement(INSERT_STOCK)) {
      insert.setArray(1, connection.createArrayOf("text", onHand.keySet().toArray()));
      insert.setArray(2, connection.createArrayOf("bigint", onHand.values().toArray()));
      insert.executeUpdate();
    }
  }

  private void run(String database, Path script) throws SQLException {
    try (Connection connection = postgres.connect(database)) {
      SqlScript.run(connection, script);
    }
  }

  /** Creates the topic of the payment service; no connector does. */
  public void createPaymentTopic() throws InterruptedException {
    try (Admin admin =
        Admin.create(
            Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
      NewTopic topic =
          new NewTopic(paymentsTopic().name(), Optional.of(PAYMENT_PARTITIONS), Optional.empty());
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "Could not create the topic " + paymentsTopic().name() + ": " + e.getMessage(), e);
    }
  }

  /** POSTs the source; returns once its tasks run and have created their topic. */
  public void startSource(ConnectRest rest) throws InterruptedException {
    start(rest, source);
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    while (!ordersTopic().exists()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(
            "The source has not created the topic %s within %d s"
                .formatted(ordersTopic().name(), READY_WITHIN.toSeconds()));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /** POSTs the sink; returns once its tasks run. */
  public void startSink(ConnectRest rest) {
    start(rest, sink);
  }

  static void start(ConnectRest rest, ConnectorFile connector) {
    rest.create(connector.json());
    int tasks = Integer.parseInt(connector.setting("tasks.max"));
    rest.awaitRunning(connector.name(), tasks, READY_WITHIN);
  }

  /** Both connectors' names. */
  public List<String> connectors() {
    return List.of(source.name(), sink.name());
  }

  /** The topic that the source writes. */
  public Topic ordersTopic() {
    return new Topic(kafka.bootstrapServers(), source.setting("topic"));
  }

  /** The topic that the payment service writes. */
  public Topic paymentsTopic() {
    return new Topic(kafka.bootstrapServers(), sink.setting("topics.payment"));
  }

  /** The dead-letter queue of the sink. */
  public Topic deadLetters() {
    return new Topic(kafka.bootstrapServers(), sink.setting("errors.deadletterqueue.topic.name"));
  }
}
