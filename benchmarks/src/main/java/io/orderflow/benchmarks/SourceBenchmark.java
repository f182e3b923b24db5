package io.orderflow.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.stack.LocalStack;
import io.orderflow.stack.SqlScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The initial load: orders that are already there, captured by a growing number of tasks. */
final class SourceBenchmark {

  private static final String DATABASE = "shop";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LocalStack stack;
  private final Path root;
  private final int orders;
  private final Topics topics;

  SourceBenchmark(LocalStack stack, Path root, int orders) {
    this.stack = stack;
    this.root = root;
    this.orders = orders;
    this.topics = new Topics(stack.kafka().bootstrapServers());
  }

  List<Measurement> run(List<Integer> taskCounts) throws Exception {
    try (Connection shop = stack.postgres().connect(DATABASE)) {
      load(shop);
    }
    List<Measurement> measurements = new ArrayList<>();
    for (int tasks : taskCounts) {
      measurements.add(measure(tasks));
    }
    return measurements;
  }

  /** Two and a half items an order; the change tracking is installed on tables that are full. */
  private void load(Connection shop) throws SQLException {
    Path sql = root.resolve("config-examples/sql");
    SqlScript.run(shop, sql.resolve("shop-example-schema.sql"));
    Sql.execute(
        shop,
        """
        INSERT INTO orders (customer, status, total, currency)
        SELECT 'customer-' || i %% 50000, (ARRAY['PENDING', 'PAID', 'SHIPPED'])[1 + i %% 3],
               (i %% 100000) / 100.0, 'EUR'
        FROM generate_series(1, %d) AS i
        """
            .formatted(orders),
        """
        INSERT INTO order_items (order_id, line_no, sku, quantity, unit_price)
        SELECT o.id, line, 'SKU-' || (o.id * 7 + line * 13) % 10000, 1 + o.id % 3, 9.99
        FROM orders o, generate_series(1, 2 + (o.id % 2)::int) AS line
        """);
    SqlScript.run(shop, sql.resolve("shop-install.sql"));
    Sql.execute(shop, "VACUUM ANALYZE");
  }

  private Measurement measure(int tasks) throws Exception {
    String name = "orders-" + tasks;
    topics.create(name);
    Example example =
        Example.read(root, "orders-source.json")
            .on(stack.postgres(), DATABASE)
            .with("topic", name)
            .with("tasks.max", Integer.toString(tasks));
    long start = System.currentTimeMillis();
    stack.connect().rest().put(name, example.config());
    // Markers of transactions count as offsets too, hence "at least", and then no growth any more.
    long[] last = {-1};
    Waiting.until(
        orders + " orders in " + name,
        Duration.ofSeconds(2),
        () -> {
          long end = topics.committedEnd(name);
          boolean done = end >= orders && end == last[0];
          last[0] = end;
          return done;
        });
    Content content = new Content(orders);
    topics.readAll(name, content::take);
    stack.connect().rest().delete(name);
    content.check();
    return new Measurement(
        "load, orders with items",
        "orderflow, " + tasks + (tasks == 1 ? " task" : " tasks"),
        orders,
        Duration.ofMillis(content.lastStamp - content.firstStamp),
        Duration.ofMillis(content.lastStamp - start));
  }

  /** What the topic holds: each order once, with all its items. */
  private static final class Content {
    private final int orders;
    private final BitSet seen = new BitSet();
    private long records;
    private long items;
    private long firstStamp = Long.MAX_VALUE;
    private long lastStamp;

    Content(int orders) {
      this.orders = orders;
    }

    void take(ConsumerRecord<byte[], byte[]> record) {
      try {
        JsonNode order = JSON.readTree(record.value());
        seen.set(order.get("id").asInt());
        items += order.get("items").size();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      records++;
      firstStamp = Math.min(firstStamp, record.timestamp());
      lastStamp = Math.max(lastStamp, record.timestamp());
    }

    void check() {
      long expectedItems = 2L * orders + (orders + 1) / 2;
      if (records != orders || seen.cardinality() != orders || items != expectedItems) {
        throw new IllegalStateException(
            "Expected %d orders with %d items, found %d records of %d orders with %d items"
                .formatted(orders, expectedItems, records, seen.cardinality(), items));
      }
    }
  }
}
