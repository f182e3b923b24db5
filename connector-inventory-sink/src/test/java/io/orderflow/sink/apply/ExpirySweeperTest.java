package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.Eventually;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reservations that expire, by a running task on a real database. */
@Timeout(120)
class ExpirySweeperTest {

  private static final String STATES =
      "SELECT order_id, version, state, reason, reserved, on_hand_delta FROM order_inventory ORDER BY 1";
  private static final String EXPIRED =
      "SELECT count(*) FROM order_inventory WHERE state = 'EXPIRED'";

  private final FakeSinkContext context = new FakeSinkContext(true);
  private WarehouseDatabase database;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    database.execute(
        WarehouseDatabase.TABLES.auditScript(WarehouseDatabase.AUDIT, OrderIdType.BIGINT));
    database.stock("A", 10);
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  @Test
  void dueReservationsAreReleasedAndLaterVersionsDecidedAgain() throws SQLException {
    try (RunningSink sink = sink()) {
      // Given: of order 3, one of four pieces was shipped
      SinkRecord[] orders = {
        now(Events.order(1L, 1, "PENDING", "A:3")),
        now(Events.order(2L, 1, "PAID", "A:2")),
        now(partlyShipped(3L)),
        now(Events.order(4L, 1, "PENDING", "A:99"))
      };
      sink.put(orders);
      assertEquals(
          List.of("1|3", "3|3"),
          database.rows(
              "SELECT order_id, reserved FROM order_inventory_expiring"
                  + " WHERE expires_at BETWEEN now() - interval '1 min' AND now() + interval '1 min'"
                  + " ORDER BY 1"));

      // When
      awaitExpired(sink, 2);

      // Then
      assertEquals(
          List.of(
              "1|1|EXPIRED|null|{}|{}",
              "2|1|RESERVED|null|{2}|{0}",
              "3|1|EXPIRED|null|{0}|{-1}",
              "4|1|REJECTED|INSUFFICIENT_STOCK|{}|{}"),
          database.rows(STATES));
      assertEquals(List.of("A|9|2"), database.stock());
      assertEquals(List.of(), database.rows("SELECT * FROM order_inventory_expiring"));
      assertEquals(
          List.of("1|1|EXPIRED|{A}|{-3}|{0}||-1", "3|1|EXPIRED|{A}|{-3}|{0}||-1"),
          database.rows(
              "SELECT order_id, version, state, skus, reserved, on_hand, topic, kafka_offset"
                  + " FROM order_audit WHERE kind = 'expiry' ORDER BY 1"));
      assertEquals(2, context.metric("reservations-expired-total"));

      // When: a replay, then two payments that come too late, of which one finds enough stock
      sink.put(orders);
      sink.put(now(Events.order(1L, 2, "PAID", "A:6")), now(Events.order(3L, 2, "PAID", "A:4")));

      // Then
      assertEquals(
          List.of("1|2|RESERVED|null", "3|2|REJECTED|EXPIRED"),
          database.rows(
              "SELECT order_id, version, state, reason FROM order_inventory"
                  + " WHERE order_id IN (1, 3) ORDER BY 1"));
      assertEquals(List.of(), sink.reported());
      assertEquals(List.of(), database.drift());
    }
  }

  @Test
  void twoKeptVersionsAndEditsInOneBatchLeaveTheirTrail() throws SQLException {
    try (RunningSink sink = sink()) {
      sink.put(
          now(Events.order(1L, 1, "PENDING", "A:1")),
          now(Events.order(1L, 2, "PENDING", "A:2")),
          now(Events.inventory(2L, 1, "KEEP")),
          now(Events.inventory(2L, 2, "KEEP")));
      assertEquals(List.of(), sink.reported());
      assertEquals(
          List.of("1|2|{2}", "2|2|{}"),
          database.rows(
              "SELECT order_id, version, reserved FROM order_audit WHERE kind = 'inventory'"
                  + " ORDER BY 1"));
    }
  }

  /** Connect calls the task only once a minute if its topics are quiet. */
  @Test
  void taskWithoutRecordsReleasesReservationsAndIsCalledToThrowFailures() throws SQLException {
    // Given
    try (RunningSink before = sink()) {
      before.put(now(Events.order(1L, 1, "PENDING", "A:3")));
      assertTrue(context.timeout() > 0 && context.timeout() <= 1_000);
    }
    try (RunningSink sink = sink()) {
      // When
      sink.open(new TopicPartition("orders", 0));

      // Then
      Eventually.until(() -> database.rows(EXPIRED).equals(List.of("1")));
    }
  }

  @Test
  void sweepThatTheDatabaseRejectsStopsTheTaskWithTheReason() throws SQLException {
    // Given
    database.execute(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE 'no order may expire on a Monday'; END $$;
        CREATE TRIGGER refuse BEFORE UPDATE ON order_inventory FOR EACH ROW
          WHEN (NEW.state = 'EXPIRED') EXECUTE FUNCTION refuse()""");
    try (RunningSink sink = sink()) {
      sink.put(now(Events.order(1L, 1, "PENDING", "A:3")));

      // When
      ConnectException stopped = assertThrows(ConnectException.class, () -> awaitExpired(sink, 1));

      // Then
      String message = String.valueOf(stopped.getMessage());
      assertTrue(
          message.startsWith(
              "The warehouse rejects the release of the expired reservation of order 1, and"),
          message);
      assertTrue(message.contains("no order may expire on a Monday"), message);
      assertEquals(List.of("A|10|3"), database.stock());
    }
  }

  @Test
  void orderThatATriggerKeepsStopsTheTaskAfterThoseThatWereDueBefore() throws SQLException {
    // Given
    database.execute(
        """
        CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
        CREATE TRIGGER keep BEFORE UPDATE ON order_inventory FOR EACH ROW
          WHEN (NEW.state = 'EXPIRED' AND NEW.order_id = 2) EXECUTE FUNCTION keep()""");
    try (RunningSink sink = sink()) {
      long began = System.currentTimeMillis();
      for (long id = 1; id <= 3; id++) {
        sink.put(at(Events.order(id, 1, "PENDING", "A:1"), began + id));
      }

      // When
      ConnectException stopped = assertThrows(ConnectException.class, () -> awaitExpired(sink, 3));

      // Then
      String message = String.valueOf(stopped.getMessage());
      assertTrue(message.contains("of the expired reservation of order 2"), message);
      assertTrue(message.contains("in the table of orders as"), message);
      assertEquals(
          List.of("1|EXPIRED", "2|RESERVED", "3|RESERVED"),
          database.rows("SELECT order_id, state FROM order_inventory ORDER BY 1"));
      assertEquals(List.of(), database.drift());
    }
  }

  @Test
  void tablesThatCountInOtherStepsStopTheTaskAsABatchDoes() throws SQLException {
    // Given
    try (RunningSink sink = sink()) {
      sink.put(now(Events.order(1L, 1, "PENDING", "A:3")));
      database.execute("CREATE OR REPLACE VIEW stock_scale AS SELECT 3 AS scale, 0.001 AS step");

      // When
      ConnectException stopped = assertThrows(ConnectException.class, () -> awaitExpired(sink, 1));

      // Then
      String message = String.valueOf(stopped.getMessage());
      assertTrue(
          message.startsWith("quantity.scale is 0, but the tables count with 3 decimals"), message);
      assertEquals(List.of("A|10|3"), database.stock());
    }
  }

  private void awaitExpired(RunningSink sink, int orders) {
    Eventually.until(
        () -> {
          sink.poll();
          return database.rows(EXPIRED).equals(List.of(String.valueOf(orders)));
        });
  }

  private RunningSink sink() {
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("reservation.ttl.ms", "300");
    settings.put("reservation.ttl.statuses", "PENDING");
    settings.put("order.shipped.field", "shipped");
    settings.put("audit", "true");
    return RunningSink.with(settings, context);
  }

  private static SinkRecord partlyShipped(long id) {
    return Events.record(
        "orders",
        id,
        Map.of(
            "id",
            id,
            "version",
            1L,
            "status",
            "PENDING",
            "items",
            List.of(Map.of("sku", "A", "quantity", 4L, "shipped", 1L))));
  }

  /** The record as if it were produced now. */
  private static SinkRecord now(SinkRecord record) {
    return at(record, System.currentTimeMillis());
  }

  private static SinkRecord at(SinkRecord record, long timestamp) {
    return record.newRecord(
        record.topic(),
        record.kafkaPartition(),
        null,
        record.key(),
        null,
        record.value(),
        timestamp);
  }
}
