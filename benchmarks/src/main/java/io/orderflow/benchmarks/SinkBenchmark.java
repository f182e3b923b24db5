package io.orderflow.benchmarks;

import io.orderflow.stack.LocalStack;
import io.orderflow.stack.SqlScript;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Payment updates of which a fifth repeat an order, applied by a growing number of tasks. */
final class SinkBenchmark {

  private static final String TOPIC = "payment-updates";

  private final LocalStack stack;
  private final Path root;
  private final int updates;

  SinkBenchmark(LocalStack stack, Path root, int updates) {
    this.stack = stack;
    this.root = root;
    this.updates = updates;
  }

  List<Measurement> run(List<Integer> taskCounts) throws Exception {
    Topics topics = new Topics(stack.kafka().bootstrapServers());
    topics.create(TOPIC);
    try (KafkaProducer<byte[], byte[]> producer = topics.producer()) {
      for (int i = 0; i < updates; i++) {
        // What does not arrive shows as updates that are never applied.
        Future<RecordMetadata> unused = producer.send(payment(i));
      }
    }
    List<Measurement> measurements = new ArrayList<>();
    for (int tasks : taskCounts) {
      measurements.add(measure(tasks));
    }
    return measurements;
  }

  /** The last fifth of the updates is version 2 of the first orders. */
  private ProducerRecord<byte[], byte[]> payment(int i) {
    int order = i % distinctOrders();
    int version = 1 + i / distinctOrders();
    String value =
        """
        {"order_id":%d,"version":%d,"status":"CAPTURED","amount":"%d.%02d","currency":"EUR",\
        "provider":"example-pay","reference":"pay-%d-%d"}"""
            .formatted(order, version, i % 500, i % 100, order, version);
    return new ProducerRecord<>(
        TOPIC,
        Integer.toString(order).getBytes(StandardCharsets.UTF_8),
        value.getBytes(StandardCharsets.UTF_8));
  }

  private int distinctOrders() {
    return updates - updates / 5;
  }

  private Measurement measure(int tasks) throws Exception {
    String database = "warehouse_" + tasks;
    stack.postgres().createDatabase(database);
    String name = "payments-" + tasks;
    try (Connection warehouse = stack.postgres().connect(database)) {
      SqlScript.run(warehouse, root.resolve("config-examples/sql/warehouse-install.sql"));
      Example example =
          Example.read(root, "inventory-sink.json")
              .on(stack.postgres(), database)
              .with("topics", TOPIC)
              .with("topics.order", "")
              .with("topics.inventory", "")
              .with("topics.payment", TOPIC)
              .with("tasks.max", Integer.toString(tasks));
      long start = System.currentTimeMillis();
      stack.connect().rest().put(name, example.config());
      Waiting.until(
          updates + " updates in " + database, Duration.ofSeconds(1), () -> isComplete(warehouse));
      double[] times =
          Sql.row(
              warehouse,
              "SELECT extract(epoch FROM min(updated_at)) * 1000,"
                  + " extract(epoch FROM max(updated_at)) * 1000 FROM payments");
      stack.connect().rest().delete(name);
      return new Measurement(
          "payments",
          "orderflow, " + tasks + (tasks == 1 ? " task" : " tasks"),
          updates,
          Duration.ofMillis((long) (times[1] - times[0])),
          Duration.ofMillis((long) times[1] - start));
    }
  }

  /** Each order has the last of its versions. */
  private boolean isComplete(Connection warehouse) throws SQLException {
    double[] found = Sql.row(warehouse, "SELECT count(*), sum(version) FROM payments");
    return found[0] == distinctOrders() && found[1] == updates;
  }
}
