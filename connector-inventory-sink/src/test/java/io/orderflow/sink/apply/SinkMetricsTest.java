package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The metrics of a task after it has applied records. */
@Timeout(60)
class SinkMetricsTest {

  private WarehouseDatabase database;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    database.execute("INSERT INTO stock (sku, on_hand) VALUES ('A', 3)");
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  @Test
  void outcomesStaleUpdatesAndBadRecordsAreToldApart() throws SQLException {
    // Given
    database.execute("ALTER TABLE payments ADD CONSTRAINT paid CHECK (status <> 'VOID')");
    try (RunningSink sink = RunningSink.on(database)) {
      // When
      sink.put(
          Events.order(1L, 1, "PAID", "A:2"),
          Events.order(2L, 1, "PAID", "A:2"),
          Events.order(3L, 1, "PAID", "B:1"),
          Events.payment(1L, 2, "CAPTURED"),
          Events.payment(9L, 1, "VOID"),
          Events.record("payments", 3L, Map.of()),
          Events.inventory(11L, 1, "ADJUST", "A:1"),
          Events.inventory(12L, 1, "HOLD", "A:9"),
          count(13L, "A:4"));
      sink.put(Events.order(1L, 1, "PAID", "A:2"), Events.payment(1L, 1, "PENDING"));

      // Then
      FakeSinkContext shown = sink.context();
      assertEquals(1, shown.metric("orders-applied-total", "state", "reserved"));
      assertEquals(2, shown.metric("orders-applied-total", "state", "rejected"));
      assertEquals(1, shown.metric("orders-applied-total", "reason", "insufficient_stock"));
      assertEquals(1, shown.metric("orders-applied-total", "reason", "unknown_sku"));
      assertEquals(3, shown.metric("orders-applied-total"));
      assertEquals(1, shown.metric("documents-applied-total", "state", "adjusted"));
      assertEquals(2, shown.metric("documents-applied-total", "state", "rejected"));
      assertEquals(1, shown.metric("documents-applied-total", "reason", "insufficient_stock"));
      assertEquals(1, shown.metric("documents-applied-total", "reason", "stale_count"));
      assertEquals(1, shown.metric("payments-applied-total"));
      assertEquals(1, shown.metric("updates-stale-total", "of", "order"));
      assertEquals(1, shown.metric("updates-stale-total", "of", "payment"));
      assertEquals(1, shown.metric("dead-letters-total", "cause", "constraint"));
      assertEquals(1, shown.metric("dead-letters-total", "cause", "unreadable"));
      assertEquals(9, shown.metric("records-applied-total"));
      assertEquals(0, shown.metric("lag-seconds"));
      assertEquals(0, shown.metric("connections-waiting"));
      assertTrue(shown.metric("phase-time-ms-total", "phase", "commit") > 0);
    }
  }

  /** Of long ago, so that it is stale. */
  private static SinkRecord count(long id, String items) {
    SinkRecord record = Events.inventory(id, 1, "COUNT", items);
    @SuppressWarnings("unchecked")
    Map<String, Object> value = (Map<String, Object>) record.value();
    value.put("counted_at", "2020-01-01T00:00:00Z");
    return record;
  }

  @Test
  void ordersOfAnInitialLoadAreNotLate() {
    // Given
    SinkRecord order = Events.order(1L, 1, "PAID", "A:1");
    order.headers().addLong(OrderEvents.COMMIT_TIME_HEADER, System.currentTimeMillis() - 10_000);
    order.headers().addString(OrderEvents.KIND_HEADER, OrderEvents.SNAPSHOT);

    // When
    try (RunningSink sink = RunningSink.on(database)) {
      sink.put(order);

      // Then
      assertEquals(0, sink.context().metric("apply-latency-seconds-count"));
      assertEquals(1, sink.context().metric("records-applied-total"));
    }
  }

  @Test
  void latencyCountsFromTheShopsCommit() {
    // Given
    SinkRecord order = Events.order(1L, 1, "PAID", "A:1");
    order.headers().addLong(OrderEvents.COMMIT_TIME_HEADER, System.currentTimeMillis() - 10_000);

    // When
    try (RunningSink sink = RunningSink.on(database)) {
      sink.put(order);

      // Then
      assertEquals(10_000, sink.context().metric("apply-latency-ms-max"), 5_000);
      assertEquals(10_000, sink.context().metric("apply-latency-ms-p50"), 5_000);
      assertEquals(1, sink.context().metric("batch-records-max"));
      assertEquals(0, sink.context().metric("apply-latency-seconds-bucket", "le", "5"));
      assertEquals(1, sink.context().metric("apply-latency-seconds-bucket", "le", "30"));
      assertEquals(10, sink.context().metric("apply-latency-seconds-sum"), 5);
    }
  }
}
