package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that are rewritten during the initial snapshot of log capture. */
class RewrittenTablesTest {

  /** On a busy machine, a chunk takes many polls. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final String TABLES =
      """
      CREATE TABLE orders (id bigint PRIMARY KEY, status text NOT NULL) PARTITION BY RANGE (id);
      CREATE TABLE orders_0 PARTITION OF orders FOR VALUES FROM (0) TO (150);
      CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM (150) TO (1000);
      CREATE TABLE order_items (order_id bigint, line_no int, quantity int, PRIMARY KEY (order_id, line_no))
        PARTITION BY HASH (order_id);
      CREATE TABLE items_0 PARTITION OF order_items FOR VALUES WITH (MODULUS 2, REMAINDER 0);
      CREATE TABLE items_1 PARTITION OF order_items FOR VALUES WITH (MODULUS 2, REMAINDER 1);
      INSERT INTO orders SELECT n, 'NEW' FROM generate_series(1, 300) n;
      INSERT INTO order_items SELECT n, 1, n FROM generate_series(1, 300) n
      """;

  private final Shop shop = Postgres.newShop();
  private final Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();

  @AfterEach
  void dropSlots() {
    shop.dropSlots();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE orders ALTER COLUMN status TYPE varchar(20)",
        "ALTER TABLE order_items ALTER COLUMN quantity TYPE bigint",
        "ALTER TABLE order_items ADD COLUMN random float DEFAULT random()",
        "VACUUM FULL orders_1",
        "VACUUM FULL items_0",
        "CLUSTER items_1 USING items_1_pkey",
        "CLUSTER orders_1 USING orders_1_pkey"
      })
  void noOrderIsLost(String rewrite) {
    // Given
    shop.run(TABLES);
    Map<String, String> settings =
        shop.logSettings(Map.of("snapshot.chunk.size", "10", "snapshot.max.threads", "1"));
    Map<Object, Integer> items = new HashMap<>();
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      while (items.isEmpty()) {
        poll(run, items);
      }

      // When
      shop.run(rewrite);
      shop.run("UPDATE order_items SET quantity = 7 WHERE order_id = 299");
      for (int i = 0; i < 20; i++) {
        poll(run, items);
      }
      assertTrue(items.size() < 300);
    }
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      for (int i = 0; i < 1_000 && items.size() < 300; i++) {
        poll(run, items);
      }
      run.poll();
    }

    // Then
    Set<Object> all =
        LongStream.rangeClosed(1, 300).boxed().collect(Collectors.toCollection(HashSet::new));
    assertEquals(all, items.keySet());
    assertEquals(Set.of(1), Set.copyOf(items.values()));
  }

  @Test
  void partitionThatIsCreatedMeanwhileIsNotTakenForARewrittenTable() {
    // Given
    shop.run(TABLES);
    Map<String, String> settings =
        shop.logSettings(Map.of("snapshot.chunk.size", "7", "snapshot.max.threads", "1"));
    List<Object> emitted = new ArrayList<>();
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      while (emitted.isEmpty()) {
        run.poll().forEach(record -> emitted.add(record.key()));
      }

      // When
      shop.run(
          """
          CREATE TABLE orders_2 PARTITION OF orders FOR VALUES FROM (1000) TO (2000);
          INSERT INTO orders VALUES (1000, 'NEW'), (1001, 'NEW')
          """);
      shop.run("INSERT INTO orders VALUES (1002, 'NEW')");
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (emitted.size() < 303 && System.nanoTime() < deadline) {
        run.poll().forEach(record -> emitted.add(record.key()));
      }
      for (int i = 0; i < 4; i++) {
        run.poll().forEach(record -> emitted.add(record.key()));
      }
    }

    // Then
    assertEquals(
        LongStream.concat(LongStream.rangeClosed(1, 300), LongStream.of(1000, 1001, 1002))
            .boxed()
            .toList(),
        emitted.stream().map(Long.class::cast).sorted().toList());
  }

  private static void poll(CaptureRun run, Map<Object, Integer> items) {
    run.poll()
        .forEach(
            record -> items.put(record.key(), ((Struct) record.value()).getArray("items").size()));
  }
}
