package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConcurrentTasksTest {

  private static final int TASKS = 4;

  private WarehouseDatabase database;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
  }

  @AfterEach
  void close() throws SQLException {
    assertEquals(List.of(), database.drift());
    database.close();
  }

  @Test
  void hotSkusAreSoldOutToTheLastPieceAndNeverOversold() throws Exception {
    // Given
    database.allowOverselling();
    for (int sku = 0; sku < 5; sku++) {
      database.stock("hot-" + sku, 400);
    }

    // When
    inParallel(
        (task, sink) -> {
          SplittableRandom random = new SplittableRandom(task);
          for (int batch = 0; batch < 30; batch++) {
            List<SinkRecord> records = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
              long id = task * 1_000_000L + batch * 1_000L + i;
              int first = random.nextInt(5);
              int second = (first + 1 + random.nextInt(4)) % 5;
              records.add(
                  Events.order(id, 1, "PLACED", "hot-" + first + ":1", "hot-" + second + ":1"));
            }
            sink.put(records);
          }
        });

    // Then: each order takes two pieces, so fewer than two SKUs can have anything left
    assertEquals(List.of(), database.oversold());
    List<String> left = database.rows("SELECT sku FROM stock WHERE on_hand > reserved");
    assertTrue(left.size() < 2, left.toString());
    assertEquals(List.of("4800"), database.rows("SELECT count(*) FROM order_inventory"));
    assertEquals(
        List.of("0"),
        database.rows("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"),
        "tasks that share no order never deadlock");
  }

  @Test
  void hotSkusAreSoldOutInPartsToTheLastPieceAndNeverOversold() throws Exception {
    // Given
    database.allowOverselling();
    for (int sku = 0; sku < 5; sku++) {
      database.stock("hot-" + sku, 997);
    }

    // When
    inParallel(
        Map.of("reservation.policy", "partial"),
        (task, sink) -> {
          SplittableRandom random = new SplittableRandom(task);
          for (int batch = 0; batch < 20; batch++) {
            List<SinkRecord> records = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
              long id = task * 1_000_000L + batch * 1_000L + i;
              int first = random.nextInt(5);
              int second = (first + 1 + random.nextInt(4)) % 5;
              records.add(
                  Events.order(id, 1, "PLACED", "hot-" + first + ":2", "hot-" + second + ":3"));
            }
            sink.put(records);
          }
        });

    // Then: any order can take the last piece, so that nothing can be left
    assertEquals(List.of(), database.oversold());
    assertEquals(List.of(), database.rows("SELECT sku FROM stock WHERE on_hand <> reserved"));
    assertEquals(
        List.of("t"),
        database.rows(
            "SELECT count(*) > 0 FROM order_inventory WHERE state = 'PARTIALLY_RESERVED'"));
    assertEquals(
        List.of(),
        database.rows(
            "SELECT * FROM order_inventory_lines l JOIN order_inventory o USING (order_id)"
                + " WHERE o.state = 'PARTIALLY_RESERVED'"
                + " AND l.reserved + l.backordered NOT IN (2, 3)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"priority", "most-stock"})
  void hotSkusAreSoldOutAtAllLocationsAndNeverOversold(String policy) throws Exception {
    // Given
    database.allowOverselling();
    for (int sku = 0; sku < 5; sku++) {
      for (String location : List.of("berlin", "essen", "hamburg")) {
        database.execute(
            "INSERT INTO stock (sku, location, on_hand) VALUES ('hot-%d', '%s', 133)"
                .formatted(sku, location));
      }
    }

    // When
    inParallel(
        Map.of(
            "location.policy",
            policy,
            "locations",
            "hamburg,berlin,essen",
            "location.split",
            "quantities"),
        (task, sink) -> {
          SplittableRandom random = new SplittableRandom(task);
          for (int batch = 0; batch < 15; batch++) {
            List<SinkRecord> records = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
              long id = task * 1_000_000L + batch * 1_000L + i;
              int first = random.nextInt(5);
              int second = (first + 1 + random.nextInt(4)) % 5;
              records.add(
                  Events.order(id, 1, "PLACED", "hot-" + first + ":1", "hot-" + second + ":1"));
            }
            sink.put(records);
          }
        });

    // Then: each order takes two pieces, so fewer than two SKUs can have anything left
    assertEquals(List.of(), database.oversold());
    List<String> left = database.rows("SELECT sku FROM stock_totals WHERE available > 0");
    assertTrue(left.size() < 2, left.toString());
    assertEquals(
        List.of("0"),
        database.rows("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"),
        "tasks that share no order never deadlock");
  }

  @Test
  void randomHistoriesOverLocationsLeaveNoDriftAndNothingOversold() throws Exception {
    // Given
    database.allowOverselling();
    String[] locations = {"", "|berlin", "|hamburg"};
    String[] statuses = {"PLACED", "PAID", "SHIPPED", "CANCELLED", "RETURNED"};

    // When: the tasks even share their orders, as zombies would
    inParallel(
        atLocations("lines"),
        (task, sink) -> {
          SplittableRandom random = new SplittableRandom(200 + task);
          for (int batch = 0; batch < 40; batch++) {
            List<SinkRecord> records = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
              long id = random.nextInt(60);
              String item =
                  "s-%d%s:%d"
                      .formatted(
                          random.nextInt(4), locations[random.nextInt(3)], 1 + random.nextInt(4));
              records.add(
                  random.nextInt(5) == 0
                      ? Events.inventory(1_000 + id, batch, "RECEIVE", item)
                      : Events.order(id, batch, statuses[random.nextInt(5)], item));
            }
            sink.put(records);
          }
        });

    // Then
    assertEquals(List.of(), database.oversold());
    assertEquals(List.of("t"), database.rows("SELECT count(DISTINCT location) > 2 FROM stock"));
  }

  @Test
  void randomHistoriesLeaveNoDriftAndNothingOversold() throws Exception {
    // Given
    database.allowOverselling();
    for (int sku = 0; sku < 8; sku++) {
      database.stock("s-" + sku, 30);
    }
    String[] statuses = {"PLACED", "PAID", "SHIPPED", "CANCELLED", "RETURNED"};

    // When: the tasks even share their orders, as zombies would
    inParallel(
        (task, sink) -> {
          SplittableRandom random = new SplittableRandom(100 + task);
          for (int batch = 0; batch < 60; batch++) {
            List<SinkRecord> records = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
              long id = random.nextInt(60);
              String item = "s-" + random.nextInt(8) + ":" + (1 + random.nextInt(4));
              records.add(
                  random.nextInt(5) == 0
                      ? Events.inventory(1_000 + id, batch, "RECEIVE", item)
                      : Events.order(id, batch, statuses[random.nextInt(5)], item));
            }
            sink.put(records);
          }
        });

    // Then
    assertEquals(List.of(), database.oversold());
  }

  @ParameterizedTest
  @CsvSource({
    "safety = 50, 300|250|0|0",
    "oversell = 20, 300|320|0|20",
    "'safety = 50, oversell = 20', 300|270|0|0"
  })
  void safetyStockAndOversellAllowanceHoldToTheLastPieceForAllTasks(String values, String expected)
      throws Exception {
    // Given
    for (int sku = 0; sku < 3; sku++) {
      database.stock("hot-" + sku, 300);
    }
    database.execute("UPDATE stock SET " + values);

    // When
    inParallel(
        (task, sink) -> {
          for (int batch = 0; batch < 15; batch++) {
            List<SinkRecord> records = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
              long id = task * 1_000_000L + batch * 1_000L + i;
              records.add(Events.order(id, 1, "PLACED", "hot-" + i % 3 + ":1"));
            }
            sink.put(records);
          }
        });

    // Then
    assertEquals(
        List.of(expected),
        database.rows("SELECT DISTINCT on_hand, reserved, available, shortage FROM stock_units"));
  }

  @Test
  void randomHistoriesWithDocumentsConserveStockAtEachLocation() throws Exception {
    // Given
    String[] locations = {"berlin", "essen", "hamburg"};
    for (int sku = 0; sku < 4; sku++) {
      for (String location : locations) {
        database.execute(
            "INSERT INTO stock (sku, location, on_hand, safety) VALUES ('s-%d', '%s', 30, %d)"
                .formatted(sku, location, sku % 2));
      }
    }
    String[] statuses = {"PLACED", "PLACED", "PAID", "SHIPPED", "CANCELLED", "RETURNED"};
    String[] intents = {"ADJUST", "COUNT", "HOLD", "TRANSFER", "TRANSFER_RECEIVED", "RELEASE"};

    // When: the tasks even share their documents, as zombies would
    inParallel(
        atLocations("quantities"),
        (task, sink) -> {
          SplittableRandom random = new SplittableRandom(300 + task);
          for (int batch = 0; batch < 40; batch++) {
            List<SinkRecord> records = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
              long id = random.nextInt(60);
              int from = random.nextInt(3);
              String sku = "s-" + random.nextInt(4);
              String intent = intents[random.nextInt(6)];
              int quantity = 1 + random.nextInt(6);
              if (random.nextInt(3) > 0) {
                String at = random.nextBoolean() ? "" : "|" + locations[from];
                records.add(
                    Events.order(
                        id, batch, statuses[random.nextInt(6)], sku + at + ":" + quantity));
                continue;
              }
              int signed = intent.equals("ADJUST") && random.nextInt(3) > 0 ? -quantity : quantity;
              SinkRecord document =
                  Events.inventory(
                      1_000 + id, batch, intent, sku + "|" + locations[from] + ":" + signed);
              @SuppressWarnings("unchecked")
              Map<String, Object> value = (Map<String, Object>) document.value();
              value.put(
                  "counted_at", Instant.now().plusMillis(random.nextInt(200) - 50).toString());
              value.put("to_location", locations[(from + 1 + random.nextInt(2)) % 3]);
              records.add(Events.producedNow(document));
            }
            // All tasks count a shelf that nobody moves, so that it has what the latest one found.
            SinkRecord count =
                Events.inventory(2_000L + task, batch, "COUNT", "c|berlin:" + (task + batch));
            @SuppressWarnings("unchecked")
            Map<String, Object> counted = (Map<String, Object>) count.value();
            counted.put("counted_at", Instant.now().toString());
            records.add(Events.producedNow(count));
            sink.put(records);
          }
        });

    // Then
    assertEquals(
        List.of("t"), database.rows("SELECT on_hand BETWEEN 39 AND 42 FROM stock WHERE sku = 'c'"));
    assertEquals(
        List.of(),
        database.rows(
            "SELECT * FROM stock WHERE shortage <> greatest(0, reserved + unavailable - on_hand)"));
    assertEquals(
        List.of(),
        database.rows(
            """
            SELECT order_id, sku FROM order_inventory_lines l JOIN order_inventory USING (order_id)
             WHERE state IN ('IN_TRANSIT', 'TRANSFERRED')
             GROUP BY 1, 2 HAVING sum(l.on_hand_delta + l.incoming) <> 0"""),
        "goods in transit are neither lost nor gained");
    assertEquals(
        List.of("ADJUSTED", "COUNTED", "IN_TRANSIT", "ON_HOLD", "TRANSFERRED"),
        database.rows(
            "SELECT DISTINCT state FROM order_inventory"
                + " WHERE state IN ('ADJUSTED', 'COUNTED', 'ON_HOLD', 'IN_TRANSIT', 'TRANSFERRED') ORDER BY 1"));
  }

  private static Map<String, String> atLocations(String split) {
    return Map.of(
        "order.item.location.field",
        "location",
        "inventory.item.location.field",
        "location",
        "location.policy",
        "most-stock",
        "location.split",
        split);
  }

  /** Runs with one of the tasks. */
  private interface Work {
    void run(int task, RunningSink sink);
  }

  private void inParallel(Work work) throws InterruptedException, ExecutionException {
    inParallel(Map.of(), work);
  }

  private void inParallel(Map<String, String> changed, Work work)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(TASKS);
    try {
      List<Future<?>> tasks = new ArrayList<>();
      for (int i = 0; i < TASKS; i++) {
        int task = i;
        Map<String, String> settings = RunningSink.settings(database);
        settings.put("orderflow.task", String.valueOf(task));
        settings.putAll(changed);
        tasks.add(
            threads.submit(
                () -> {
                  try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
                    work.run(task, sink);
                    assertEquals(List.of(), sink.reported());
                  }
                }));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
