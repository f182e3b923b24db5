package io.orderflow.sink.deadletter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BadRecordsTest {

  private WarehouseDatabase database;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    database.execute("ALTER TABLE payments ADD CONSTRAINT known CHECK (status <> 'MAGIC')");
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  @Test
  void recordsThatTheDatabaseRefusesCostThemselvesAlone() throws SQLException {
    // Given
    List<SinkRecord> batch = new ArrayList<>();
    for (long id = 0; id < 1_000; id++) {
      boolean bad = id == 0 || id == 501 || id == 502 || id == 999;
      batch.add(Events.payment(id, 1, bad ? "MAGIC" : "PAID"));
    }

    try (RunningSink sink = RunningSink.on(database)) {
      // When
      sink.put(batch);

      // Then
      assertEquals(
          List.of(batch.get(0), batch.get(501), batch.get(502), batch.get(999)),
          sink.reported().stream().map(FakeSinkContext.Reported::record).toList());
      assertEquals(List.of("996"), database.rows("SELECT count(*) FROM payments"));
    }
  }

  @Test
  void causeNamesCodeConstraintAndCoordinatesButNoValue() {
    // Given
    SinkRecord bad = Events.payment(77_123L, 1, "MAGIC");

    try (RunningSink sink = RunningSink.on(database)) {
      // When
      sink.put(bad);

      // Then
      Throwable cause = sink.reported().get(0).cause();
      String message = String.valueOf(cause.getMessage());
      assertTrue(cause instanceof DataException);
      assertTrue(message.contains("23514") && message.contains("constraint known"), message);
      assertTrue(message.contains("payments-0@" + bad.kafkaOffset()), message);
      assertFalse(message.contains("MAGIC") || message.contains("77123"), message);
      assertNull(cause.getCause());
    }
  }

  @Test
  void unreadableRecordsAndRefusedOnesAreReportedOnceEach() throws SQLException {
    // Given
    SinkRecord unreadable = Events.record("payments", 5L, Map.of("status", "PAID"));
    SinkRecord text = Events.record("orders", 6L, "not an order");

    try (RunningSink sink = RunningSink.on(database)) {
      // When
      sink.put(unreadable, Events.payment(1L, 1, "PAID"), text, Events.payment(2L, 1, "MAGIC"));

      // Then
      assertEquals(3, sink.reported().size());
      assertEquals(List.of("1"), database.rows("SELECT order_id FROM payments"));
    }
  }

  @Test
  void withoutADeadLetterQueueTheTaskStopsAndSaysWhatToDo() throws SQLException {
    try (RunningSink sink =
        RunningSink.with(RunningSink.settings(database), new FakeSinkContext(false))) {
      // When
      ConnectException stopped =
          assertThrows(
              ConnectException.class,
              () -> sink.put(Events.payment(1L, 1, "MAGIC"), Events.payment(2L, 1, "PAID")));

      // Then
      String message = String.valueOf(stopped.getMessage());
      assertTrue(message.contains("errors.deadletterqueue.topic.name"), message);
      assertTrue(message.contains("payments-0@"), message);
      assertEquals(List.of("2"), database.rows("SELECT order_id FROM payments"));
    }
  }

  @Test
  void topicWithoutARoleIsAConfigurationErrorAndNoBadRecord() {
    try (RunningSink sink = RunningSink.on(database)) {
      // When
      ConnectException stopped =
          assertThrows(
              ConnectException.class, () -> sink.put(Events.record("others", 1L, Map.of())));

      // Then
      assertTrue(String.valueOf(stopped.getMessage()).contains("others"));
      assertEquals(List.of(), sink.reported());
    }
  }
}
