package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.common.trace.Tracing;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.WarehouseDatabase;
import io.orderflow.sink.plan.ReservationPolicy;
import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.Deletion;
import io.orderflow.sink.update.PaymentUpdate;
import io.orderflow.sink.warehouse.Warehouse;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongFunction;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** With a database that is away, so that every record stays in the lane that it was given to. */
@Timeout(60)
class WorkersTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final Database away =
      Warehouse.open(
          new DatabaseSettings(
              "jdbc:postgresql://127.0.0.1:1/none",
              "nobody",
              null,
              Duration.ofMillis(250),
              Duration.ofSeconds(1),
              Map.of()),
          "lanes",
          4);
  private final List<BatchQueue> backlogs = new ArrayList<>();

  @AfterEach
  void close() {
    away.close();
  }

  @Test
  void allOfAnOrderTakesOneLaneWhateverItsTypeAndAllLanesAreUsed() throws InterruptedException {
    List<LongFunction<Object>> types =
        List.of(
            id -> id,
            // As many residues as a topic of eight partitions leaves to one of them.
            id -> id * 8,
            id -> UUID.nameUUIDFromBytes(new byte[] {(byte) id}),
            id -> "order-" + id);
    for (LongFunction<Object> type : types) {
      for (int lanes : new int[] {1, 2, 3, 4}) {
        oneLaneForAnOrder(lanes, type);
      }
    }
  }

  private void oneLaneForAnOrder(int lanes, LongFunction<Object> type) throws InterruptedException {
    // Given
    int orders = 60;
    try (Workers all = lanes(lanes)) {
      // When: three records an order, each with a partition of its own to be known by
      for (int i = 0; i < orders; i++) {
        Object id = type.apply(i);
        add(all, ParsedRecords.asking(3 * i, ParsedRecords.payment(id, i)));
        add(all, ParsedRecords.asking(3 * i + 1, new Deletion(id, i), due(id)));
        add(all, ParsedRecords.asking(3 * i + 2, due(id)));
      }

      // Then
      Map<Integer, Integer> laneOf = new HashMap<>();
      for (int lane = 0; lane < lanes; lane++) {
        Set<Integer> orderNumbers = new HashSet<>();
        for (int partition : offsets(backlogs.get(lane)).keySet()) {
          orderNumbers.add(partition / 3);
        }
        for (int order : orderNumbers) {
          assertNull(laneOf.put(order, lane), "order in two lanes");
        }
        assertTrue(orderNumbers.size() > orders / lanes / 3, lane + ": " + orderNumbers.size());
      }
      assertEquals(orders, laneOf.size());
    }
  }

  @Test
  void offsetsGoUpToTheEarliestThatAnyLaneHasNotFinished() throws InterruptedException {
    // Given: one partition, dealt over all lanes
    Random random = new Random(5);
    try (Workers all = lanes(4)) {
      for (int offset = 100; offset < 200; offset++) {
        PaymentUpdate update = ParsedRecords.payment((long) random.nextInt(50), offset);
        add(all, new ParsedRecord(ParsedRecords.record(0, offset), List.of(update), 1, null));
      }

      // Then
      Map<TopicPartition, Long> offsets = new HashMap<>();
      all.earliest(offsets);
      assertEquals(Map.of(0, 100L), ParsedRecords.byNumber(offsets));
    }
  }

  @Test
  void lanesEndTogetherAndSoon() {
    // Given
    Workers all = lanes(4);

    // When
    long began = System.nanoTime();
    all.close();

    // Then
    assertTrue(System.nanoTime() - began < Duration.ofSeconds(2).toNanos());
  }

  private Workers lanes(int number) {
    backlogs.clear();
    SinkMetrics metrics = new SinkMetrics(FakeSinkContext.metrics());
    List<Worker> lanes = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      BatchQueue backlog = new BatchQueue(new BatchLimits(1_000, 1 << 20, Duration.ofMillis(50)));
      backlogs.add(backlog);
      lanes.add(
          Worker.start(
              "lane-" + i,
              backlog,
              new BatchApplier(
                  new Warehouse(
                      away,
                      WarehouseDatabase.TABLES,
                      OrderIdType.BIGINT,
                      ReservationPolicy.ALL_OR_NOTHING),
                  new RecordTraces(Tracing.global("test")),
                  metrics::committed),
              new RetryTracker(
                  LoggerFactory.getLogger(WorkersTest.class),
                  "test",
                  RetryTracker.backoff(LONG, LONG),
                  InstantSource.system(),
                  metrics.outages()),
              metrics));
    }
    return new Workers(lanes);
  }

  private static AmountDue due(Object id) {
    return new AmountDue(id, 1, BigDecimal.ONE, null);
  }

  private static void add(Workers lanes, ParsedRecord reading) throws InterruptedException {
    assertTrue(lanes.add(reading, System.nanoTime() + LONG.toNanos()));
  }

  private static Map<Integer, Long> offsets(BatchQueue backlog) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    backlog.earliest(offsets);
    return ParsedRecords.byNumber(offsets);
  }
}
