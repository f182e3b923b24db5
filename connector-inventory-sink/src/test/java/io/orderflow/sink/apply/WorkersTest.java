package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.Database;
import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.common.trace.Tracing;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.WarehouseDatabase;
import io.orderflow.sink.plan.LocationRules;
import io.orderflow.sink.plan.ReservationPolicy;
import io.orderflow.sink.plan.ReservationRules;
import io.orderflow.sink.record.Roles;
import io.orderflow.sink.update.AmountDue;
import io.orderflow.sink.update.Deletion;
import io.orderflow.sink.warehouse.Catalog;
import io.orderflow.sink.warehouse.ScaleGuard;
import io.orderflow.sink.warehouse.Warehouse;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(60)
class WorkersTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final Database unavailable =
      Warehouse.openPool(
          new DatabaseSettings(
              "jdbc:postgresql://127.0.0.1:1/none",
              "nobody",
              null,
              Duration.ofMillis(250),
              Duration.ofSeconds(1),
              Map.of()),
          "workers",
          4);

  @AfterEach
  void close() {
    unavailable.close();
  }

  @Test
  void allRecordsOfAnOrderGoToOneWorkerAndAllWorkersAreUsed() {
    List<LongFunction<Object>> types =
        List.of(
            id -> id,
            // As many residues as a topic of eight partitions leaves to one of them.
            id -> id * 8,
            id -> UUID.nameUUIDFromBytes(new byte[] {(byte) id}),
            id -> "order-" + id);
    for (LongFunction<Object> type : types) {
      for (int workers : new int[] {1, 2, 3, 4}) {
        oneWorkerForAnOrder(workers, type);
      }
    }
  }

  private static void oneWorkerForAnOrder(int workers, LongFunction<Object> type) {
    // Given
    int orders = 60;
    Map<Integer, Integer> ordersByWorker = new HashMap<>();

    for (int i = 0; i < orders; i++) {
      // When
      Object id = type.apply(i);
      int worker = Workers.indexOf(ParsedRecords.with(1, ParsedRecords.payment(id, i)), workers);
      int ofDeletion =
          Workers.indexOf(ParsedRecords.with(2, new Deletion(id, i), due(id)), workers);
      int ofDue = Workers.indexOf(ParsedRecords.with(3, due(id)), workers);

      // Then
      assertEquals(worker, ofDeletion);
      assertEquals(worker, ofDue);
      ordersByWorker.merge(worker, 1, Integer::sum);
    }
    assertEquals(workers, ordersByWorker.size());
    ordersByWorker.forEach(
        (worker, count) -> assertTrue(count > orders / workers / 3, worker + ": " + count));
  }

  @Test
  void workersEndTogetherAndSoon() throws InterruptedException {
    // Given: two of them wait for the next attempt, two for records
    Workers all = start(4);
    for (long id = 0; id < 2; id++) {
      ParsedRecord record = ParsedRecords.with(1, ParsedRecords.payment(id, 1));
      assertTrue(all.add(record, System.nanoTime() + LONG.toNanos()));
    }

    // When
    long began = System.nanoTime();
    all.close();

    // Then
    assertTrue(System.nanoTime() - began < Duration.ofSeconds(2).toNanos());
  }

  private Workers start(int number) {
    SinkMetrics metrics = new SinkMetrics(FakeSinkContext.metrics());
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      workers.add(
          Worker.start(
              "worker-" + i,
              new BatchQueue(new BatchLimits(1_000, 1 << 20, Duration.ZERO)),
              new BatchApplier(
                  new Warehouse(
                      unavailable,
                      WarehouseDatabase.TABLES,
                      OrderIdType.BIGINT,
                      new ScaleGuard("0", 0),
                      new ReservationRules(
                          ReservationPolicy.ALL_OR_NOTHING, false, LocationRules.NONE)),
                  new RecordTraces(Tracing.global("test")),
                  new RetryTracker(
                      LoggerFactory.getLogger(WorkersTest.class),
                      "test",
                      RetryTracker.backoff(LONG, LONG),
                      InstantSource.system(),
                      metrics.outages()),
                  metrics,
                  new TablesWatch(
                      unavailable,
                      new Catalog(WarehouseDatabase.TABLES),
                      new KnownTables(OrderIdType.BIGINT, Map.of(), new ScaleGuard("0", 0))),
                  new Roles(Map.of(), Set.of()),
                  LONG),
              new PendingOffsets(),
              metrics));
    }
    return new Workers(workers);
  }

  private static AmountDue due(Object id) {
    return new AmountDue(id, 1, BigDecimal.ONE, null);
  }
}
