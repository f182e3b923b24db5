package io.orderflow.benchmarks.sweeps;

import io.orderflow.benchmarks.Benchmarks;
import io.orderflow.benchmarks.Databases;
import io.orderflow.benchmarks.Sql;
import io.orderflow.benchmarks.Topics;
import io.orderflow.benchmarks.Waiting;
import io.orderflow.benchmarks.measure.Connectors;
import io.orderflow.benchmarks.measure.MarkdownTable;
import io.orderflow.benchmarks.measure.Running;
import io.orderflow.stack.LocalStack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** A warehouse behind one connector, of which orders and receipts are sent, and rows counted. */
final class SweptWarehouse implements AutoCloseable {

  static final String ORDERS = "orders";
  static final String RECEIPTS = "inventory-updates";

  private static final String DATABASE = "warehouse";

  private final Running running;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Connection connection;

  private SweptWarehouse(
      Running running, KafkaProducer<byte[], byte[]> producer, Connection connection) {
    this.running = running;
    this.producer = producer;
    this.connection = connection;
  }

  /**
   * Creates tables and topics and starts the connector, as in {@code inventory-sink.json}.
   *
   * @param files of {@code config-examples/sql} beside that of the warehouse
   * @param settings beside those of the example
   */
  static SweptWarehouse start(
      LocalStack stack, int tasks, List<String> files, Map<String, String> settings)
      throws Exception {
    Databases databases = new Databases(stack.postgres());
    databases.create(DATABASE, "warehouse-install.sql");
    for (String file : files) {
      databases.run(DATABASE, file);
    }
    Topics topics = new Topics(stack.kafka().bootstrapServers());
    topics.create(ORDERS);
    topics.create(RECEIPTS);
    Connection connection = databases.connect(DATABASE);
    Connectors connectors = new Connectors(stack, settings);
    Running running =
        connectors.start(
            "sweeps",
            connectors
                .example("inventory-sink.json", DATABASE)
                .with("topics", ORDERS + ',' + RECEIPTS)
                .with("topics.order", ORDERS)
                .with("topics.inventory", RECEIPTS)
                .with("topics.payment", "")
                .with("tasks.max", Integer.toString(tasks))
                .config());
    return new SweptWarehouse(running, topics.producer(), connection);
  }

  /** Sends a record without waiting: one that is lost shows as a wait that never ends. */
  void send(String topic, long id, String json) {
    Future<RecordMetadata> unused =
        producer.send(
            new ProducerRecord<>(
                topic,
                Long.toString(id).getBytes(StandardCharsets.UTF_8),
                json.getBytes(StandardCharsets.UTF_8)));
  }

  void flush() {
    producer.flush();
  }

  void execute(String... statements) throws SQLException {
    Sql.execute(connection, statements);
  }

  /**
   * Returns once a query counts a number of rows.
   *
   * @param pause between two looks
   */
  void await(String sql, long rows, Duration pause) throws Exception {
    Waiting.until(
        "%d rows of %s".formatted(rows, sql),
        pause,
        () -> {
          running.failIfEnded();
          return Sql.number(connection, sql) == rows;
        });
  }

  static List<String> row(String what, int orders, double seconds) {
    return List.of(
        what,
        MarkdownTable.number("%,.0f", orders),
        MarkdownTable.number("%,.2f", seconds),
        MarkdownTable.number("%,.0f", orders / seconds));
  }

  /** Prints a table and writes it to {@code benchmarks/target}. */
  static void report(String file, String what, List<List<String>> rows) throws IOException {
    String text = new MarkdownTable(List.of(what, "orders", "seconds", "orders/s"), rows).text();
    System.out.println(text);
    Path target = Benchmarks.root().resolve("benchmarks/target").resolve(file);
    Files.createDirectories(target.getParent());
    Files.writeString(target, text);
  }

  @Override
  public void close() throws SQLException {
    try (connection;
        producer;
        running) {
      // Closes them in reverse order.
    }
  }
}
