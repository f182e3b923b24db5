package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.Eventually;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutagesTest {

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
  void terminatedConnectionCostsOnlyTime() throws SQLException {
    // Given
    try (RunningSink sink = RunningSink.on(database)) {
      sink.put(Events.payment(1L, 1, "PAID"));
      database.execute(
          """
          CREATE FUNCTION fall() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
          CREATE TRIGGER fall BEFORE INSERT ON payments FOR EACH ROW EXECUTE FUNCTION fall();""");
      SinkRecord good = Events.payment(2L, 1, "PAID");
      SinkRecord bad = Events.record("payments", 3L, Map.of());

      // When
      sink.deliver(List.of(good, bad));

      // Then: the bad one is known at once, the good one waits and holds back its offset
      assertFalse(sink.isSettled());
      assertEquals(
          List.of(good.kafkaOffset()),
          sink.committable().values().stream().map(OffsetAndMetadata::offset).toList());
      assertEquals(List.of("1"), database.rows("SELECT count(*) FROM payments"));

      awaitOutage(sink);

      // When
      database.execute("DROP TRIGGER fall ON payments");
      sink.put();

      // Then
      assertEquals(List.of("2"), database.rows("SELECT count(*) FROM payments"));
      assertEquals(1, sink.reported().size());
      assertEquals(0, sink.context().metric("outages-ongoing"));
      assertEquals(1, sink.context().metric("outages-total"));
      assertEquals(1, sink.context().metric("dead-letters-total"));
      assertEquals(2, sink.context().metric("records-applied-total"));
    }
  }

  @Test
  void badRecordsAmongManyThatWaitForTheDatabaseAreNotTooMany() throws SQLException {
    // Given
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("dead.letter.window.records", "100");
    List<SinkRecord> records = new ArrayList<>();
    for (long id = 0; id < 1_000; id++) {
      records.add(
          id % 10 == 0 ? Events.record("payments", id, Map.of()) : Events.payment(id, 1, "PAID"));
    }
    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      sink.put(Events.payment(1_000L, 1, "PAID"));
      database.execute(
          """
          CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION USING ERRCODE = '57P03'; END $$;
          CREATE TRIGGER away BEFORE INSERT ON payments EXECUTE FUNCTION away();""");

      // When
      sink.deliver(records);

      // Then
      assertFalse(sink.isSettled());
      assertEquals(100, sink.reported().size());
      database.execute("DROP TRIGGER away ON payments");
      sink.put();
      assertEquals(List.of("901"), database.rows("SELECT count(*) FROM payments"));
    }
  }

  @Test
  void batchThatTakesTooLongIsAppliedInParts() throws SQLException {
    // Given: as if the server got no more than 100 rows done in the time it has
    database.execute(
        """
        CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
             IF (SELECT count(*) FROM arrived) > 100 THEN RAISE EXCEPTION USING ERRCODE = '57014'; END IF;
             RETURN NULL;
           END $$;
        CREATE TRIGGER slow AFTER INSERT ON payments REFERENCING NEW TABLE AS arrived
           FOR EACH STATEMENT EXECUTE FUNCTION slow();""");
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("retry.backoff.max.ms", "1");
    settings.put("retry.backoff.ms", "1");
    List<SinkRecord> records = new ArrayList<>();
    for (long id = 0; id < 1_000; id++) {
      records.add(Events.payment(id, 1, "PAID"));
    }

    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      // When
      sink.put(records);

      // Then
      assertEquals(List.of("1000"), database.rows("SELECT count(*) FROM payments"));
      assertEquals(List.of(), sink.reported());
      assertEquals(0, sink.context().metric("outages-ongoing"));
    }
  }

  private static void awaitOutage(RunningSink sink) {
    Eventually.until(() -> sink.context().metric("outages-ongoing") == 1);
  }

  @Test
  void taskStartsWhileTheDatabaseIsAway() {
    // Given
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("database.url", "jdbc:postgresql://127.0.0.1:1/warehouse");
    settings.put("database.connection.timeout.ms", "250");

    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      // When
      sink.deliver(List.of(Events.payment(1L, 1, "PAID")));

      // Then
      assertFalse(sink.isSettled());
      assertTrue(sink.context().timeout() > 0);
      assertTrue(sink.context().isPaused());
      assertEquals(List.of(), sink.reported());
    }
  }

  @Test
  void workerWithoutMetricsOfPluginsIsNoObstacle() throws SQLException {
    // Given
    FakeSinkContext olderWorker = new FakeSinkContext(true);
    olderWorker.forgetMetrics();

    // When
    try (RunningSink sink = RunningSink.with(RunningSink.settings(database), olderWorker)) {
      sink.put(Events.payment(1L, 1, "PAID"));
    }

    // Then
    assertEquals(List.of("1"), database.rows("SELECT count(*) FROM payments"));
  }

  @Test
  void taskStartsWhileAnEarlierRunOfItHasNotEnded() throws SQLException {
    // Given
    FakeSinkContext context = new FakeSinkContext(true);
    context.keepMetrics();
    Map<String, String> settings = RunningSink.settings(database);

    // When
    try (RunningSink givenUp = RunningSink.with(settings, context);
        RunningSink next = RunningSink.with(settings, context)) {
      next.put(Events.payment(1L, 1, "PAID"));

      // Then
      assertTrue(givenUp.isSettled());
      assertEquals(List.of("1"), database.rows("SELECT count(*) FROM payments"));
    }
  }

  @Test
  void missingTableStopsTheTaskAndSaysWhatToDo() throws SQLException {
    // Given
    database.execute("DROP VIEW stock_drift, stock_totals, stock_units; DROP TABLE stock");

    try (RunningSink sink = RunningSink.on(database)) {
      // When
      ConnectException stopped =
          assertThrows(ConnectException.class, () -> sink.put(Events.payment(1L, 1, "PAID")));

      // Then
      assertFalse(stopped instanceof RetriableException);
      assertTrue(String.valueOf(stopped.getMessage()).contains("public.stock"));
    }
  }
}
