package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The database is slower than the topics. */
@Timeout(60)
class BackPressureTest {

  private static final int MEGABYTE = 1 << 20;
  private static final Duration PROMPT = Duration.ofSeconds(2);

  private WarehouseDatabase database;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  @Test
  void blockedDatabasePausesTheConsumerBeforeMemoryFills() throws SQLException {
    // Given
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("batch.max.bytes", Integer.toString(4 * MEGABYTE));
    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      sink.put(Events.payment(0L, 1, "PAID"));
      database.execute("BEGIN; LOCK TABLE payments IN ACCESS EXCLUSIVE MODE");

      // When: Connect brings one after the other, as long as it is not paused
      int taken = 0;
      while (!sink.context().isPaused()) {
        taken++;
        deliver(sink, List.of(megabyte(taken)));
        assertTrue(taken < 100, "never paused");
      }

      // Then: three batches, and the one that there was no room for
      assertTrue(8 <= taken && taken <= 14, taken + " MB");
      for (int i = 0; i < 3; i++) {
        deliver(sink, List.of());
        assertTrue(sink.context().isPaused());
        assertTrue(sink.context().timeout() > 0, "Connect comes back soon");
      }

      // When
      database.execute("COMMIT");
      sink.put();

      // Then
      assertFalse(sink.context().isPaused());
      assertEquals(
          List.of(Integer.toString(1 + taken)), database.rows("SELECT count(*) FROM payments"));
    }
  }

  @Test
  void recordLargerThanABatchIsApplied() throws SQLException {
    // Given
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("batch.max.bytes", "2048");
    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      // When
      sink.put(
          Events.payment(1L, 1, "PAID"), megabyte(2), megabyte(3), Events.payment(4L, 1, "PAID"));

      // Then
      assertEquals(
          List.of("1", "2", "3", "4"), database.rows("SELECT order_id FROM payments ORDER BY 1"));
    }
  }

  @Test
  void blockedWorkerHoldsNoMoreThanItsMaximum() throws SQLException {
    // Given: an order that another session has locked
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("apply.concurrency", "4");
    settings.put("batch.max.records", "10");
    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      sink.put(Events.payment(0L, 1, "PAID"));
      database.execute("BEGIN; SELECT * FROM payments FOR UPDATE");

      // When
      int taken = 0;
      long version = 2;
      while (!sink.context().isPaused()) {
        deliver(sink, List.of(Events.payment(0L, version++, "PAID")));
        taken++;
        assertTrue(taken < 100, "never paused");
      }

      // Then: two batches wait, one is under way, and one record is with Connect's thread
      assertTrue(taken <= 31, taken + " records");
      database.execute("COMMIT");
      sink.put();
      assertEquals(
          List.of(Long.toString(version - 1)), database.rows("SELECT version FROM payments"));
    }
  }

  private static void deliver(RunningSink sink, List<SinkRecord> records) {
    long began = System.nanoTime();
    sink.deliver(records);
    long took = System.nanoTime() - began;
    assertTrue(took < PROMPT.toNanos(), "put() took " + took + " ns");
  }

  /** About as much as it takes in memory, as estimated. */
  private static SinkRecord megabyte(long id) {
    Map<String, Object> value = new HashMap<>();
    value.put("order_id", id);
    value.put("version", 1L);
    value.put("status", "PAID");
    value.put("reference", "x");
    value.put("unknown", "x".repeat(MEGABYTE / 2));
    return Events.record("payments", id, value);
  }
}
