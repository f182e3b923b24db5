package io.orderflow.benchmarks.backorders;

import io.orderflow.benchmarks.Benchmarks;
import io.orderflow.benchmarks.Databases;
import io.orderflow.benchmarks.Example;
import io.orderflow.benchmarks.Sql;
import io.orderflow.benchmarks.Topics;
import io.orderflow.benchmarks.Waiting;
import io.orderflow.benchmarks.measure.Connectors;
import io.orderflow.benchmarks.measure.MarkdownTable;
import io.orderflow.benchmarks.measure.Running;
import io.orderflow.stack.LocalStack;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code run.sh backorders}. */
@Command(
    name = "backorders",
    mixinStandardHelpOptions = true,
    description = "The time from a receipt to the orders that it fills, with long queues.")
public final class BackordersCommand implements Callable<Integer> {

  private static final String DATABASE = "backorders";
  private static final String ORDERS = "orders";
  private static final String RECEIPTS = "inventory-updates";
  private static final String WAITING = "SELECT count(*) FROM order_backorders WHERE lacking > 0";
  private static final Duration PAUSE = Duration.ofMillis(10);

  @Option(names = "--count", description = "orders that wait for one SKU (default: 100000)")
  private int count = 100_000;

  @Option(names = "--receipts", description = "receipts of 10 pieces each (default: 30)")
  private int receipts = 30;

  @Option(names = "--tasks", description = "tasks of the connector (default: 2)")
  private int tasks = 2;

  private long lastReceipt;

  @Override
  public Integer call() throws Exception {
    String text;
    try (LocalStack stack = Benchmarks.stack().start()) {
      Topics topics = new Topics(stack.kafka().bootstrapServers());
      Databases databases = new Databases(stack.postgres());
      databases.create(DATABASE, "warehouse-install.sql");
      databases.run(DATABASE, "backorders-install.sql");
      topics.create(ORDERS);
      topics.create(RECEIPTS);
      try (Connection warehouse = databases.connect(DATABASE);
          KafkaProducer<byte[], byte[]> producer = topics.producer();
          Running running = start(stack)) {
        text = measure(warehouse, producer, running).text();
      }
    }
    System.out.println(text);
    Path file = Benchmarks.root().resolve("benchmarks/target/backorders.md");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return 0;
  }

  private Running start(LocalStack stack) {
    Connectors connectors = new Connectors(stack, Map.of());
    Example example =
        connectors
            .example("inventory-sink.json", DATABASE)
            .with("topics", ORDERS + ',' + RECEIPTS)
            .with("topics.order", ORDERS)
            .with("topics.inventory", RECEIPTS)
            .with("topics.payment", "")
            .with("backorders", "true")
            .with("tasks.max", Integer.toString(tasks));
    return connectors.start("backorders", example.config());
  }

  private MarkdownTable measure(
      Connection warehouse, KafkaProducer<byte[], byte[]> producer, Running running)
      throws Exception {
    Sql.execute(warehouse, "INSERT INTO stock (sku, on_hand) VALUES ('SKU-0', 0)");
    for (int id = 1; id <= count; id++) {
      send(
          producer,
          ORDERS,
          id,
          "{\"id\":%d,\"version\":1,\"status\":\"PENDING\",\"total\":\"1.00\",\"currency\":\"EUR\","
              + "\"items\":[{\"sku\":\"SKU-0\",\"quantity\":1}]}");
    }
    long began = System.nanoTime();
    awaitWaiting(warehouse, running, count);
    double queued = seconds(began);
    Sql.execute(warehouse, "ANALYZE", "CHECKPOINT");
    int left = count;
    List<Double> fills = new ArrayList<>();
    for (int i = 0; i < receipts; i++) {
      left -= 10;
      fills.add(receive(warehouse, producer, running, 10, left));
    }
    double rest = receive(warehouse, producer, running, left, 0);
    fills.sort(null);
    return new MarkdownTable(
        List.of("backorder fill", "orders", "seconds", "orders/s"),
        List.of(
            row("orders that wait, of one SKU", count, queued),
            row("a receipt of 10 pieces, median", 10, fills.get(receipts / 2)),
            row("a receipt of 10 pieces, longest", 10, fills.get(receipts - 1)),
            row("a receipt for all others", left, rest)));
  }

  private static List<String> row(String what, int orders, double seconds) {
    return List.of(
        what,
        MarkdownTable.number("%,.0f", orders),
        MarkdownTable.number("%,.2f", seconds),
        MarkdownTable.number("%,.0f", orders / seconds));
  }

  /** Returns the seconds from sending the receipt to the last fill. */
  private double receive(
      Connection warehouse,
      KafkaProducer<byte[], byte[]> producer,
      Running running,
      int quantity,
      int left)
      throws Exception {
    long began = System.nanoTime();
    send(
        producer,
        RECEIPTS,
        count + ++lastReceipt,
        "{\"order_id\":%d,\"version\":1,\"intent\":\"RECEIVE\",\"items\":[{\"sku\":\"SKU-0\",\"quantity\":"
            + quantity
            + "}]}");
    producer.flush();
    awaitWaiting(warehouse, running, left);
    return seconds(began);
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, String topic, long id, String json) {
    // A lost record shows as a wait that never ends.
    Future<RecordMetadata> unused =
        producer.send(
            new ProducerRecord<>(
                topic,
                Long.toString(id).getBytes(StandardCharsets.UTF_8),
                json.formatted(id).getBytes(StandardCharsets.UTF_8)));
  }

  private static void awaitWaiting(Connection warehouse, Running running, int orders)
      throws Exception {
    Waiting.until(
        orders + " orders that wait",
        PAUSE,
        () -> {
          running.failIfEnded();
          return Sql.number(warehouse, WAITING) == orders;
        });
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
