package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.Eventually;
import io.orderflow.sink.fixture.FakeDeadLetterQueue.Answer;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Only offsets of records that are committed or reported are returned to Connect. */
@Timeout(60)
class OffsetsTest {

  private static final TopicPartition PAYMENTS = new TopicPartition("payments", 0);

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
  void offsetWaitsForTheCommit() throws SQLException {
    try (RunningSink sink = RunningSink.on(database)) {
      // Given: everything is written, and nothing committed
      database.execute(
          """
          CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN PERFORM pg_advisory_xact_lock_shared(7); RETURN NULL; END $$;
          CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON payments DEFERRABLE INITIALLY DEFERRED
             FOR EACH ROW EXECUTE FUNCTION hold();
          SELECT pg_advisory_lock(7);""");
      SinkRecord record = Events.payment(1L, 1, "PAID");

      // When
      sink.deliver(List.of(record));
      Eventually.until(
          () -> {
            sink.poll();
            return !database.rows("SELECT 1 FROM pg_locks WHERE NOT granted").isEmpty();
          });

      // Then
      assertEquals(record.kafkaOffset(), offset(sink));
      assertFalse(sink.isSettled());
      database.execute("SELECT pg_advisory_unlock(7)");
      sink.put();
      assertEquals(record.kafkaOffset() + 1, offset(sink));
    }
  }

  @Test
  void noOffsetIsEverAheadOfTheDatabase() throws SQLException {
    // Given: some workers are much slower than others
    database.execute(
        """
        CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(random() * 0.02); RETURN NULL; END $$;
        CREATE TRIGGER dawdle AFTER INSERT ON payments FOR EACH STATEMENT EXECUTE FUNCTION dawdle()""");
    Map<String, String> settings = settings("batch.max.records", "20", "apply.concurrency", "4");
    SplittableRandom random = new SplittableRandom(1);
    List<SinkRecord> delivered = new ArrayList<>();
    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      for (int round = 0; round < 60; round++) {
        List<SinkRecord> records = new ArrayList<>();
        for (int i = random.nextInt(60); i >= 0; i--) {
          records.add(Events.payment((long) delivered.size() + records.size(), 1, "PAID"));
        }

        // When
        sink.deliver(records);
        delivered.addAll(records);
        long offset = offset(sink);

        // Then
        long passed = delivered.stream().filter(record -> record.kafkaOffset() < offset).count();
        assertEquals(
            List.of(Long.toString(passed)),
            database.rows("SELECT count(*) FROM payments WHERE order_id < " + passed));
      }
      sink.put();
      assertEquals(
          List.of(Integer.toString(delivered.size())),
          database.rows("SELECT count(*) FROM payments"));
    }
  }

  @Test
  void offsetsOfRecordsThatCannotBeReportedStay() throws SQLException {
    // Given: one that the database rejects, one that cannot be read, good ones around
    database.execute("ALTER TABLE payments ADD CONSTRAINT known CHECK (status <> 'MAGIC')");
    FakeSinkContext notSending = new FakeSinkContext(true);
    notSending.queue().answer(Answer.NOT_SENT);
    FakeSinkContext refusing = new FakeSinkContext(true);
    refusing.queue().answer(Answer.REFUSED);
    for (FakeSinkContext context : List.of(new FakeSinkContext(false), notSending, refusing)) {
      for (SinkRecord bad :
          List.of(Events.payment(2L, 1, "MAGIC"), Events.record("payments", 2L, Map.of()))) {
        SinkRecord first = Events.payment(1L, 1, "PAID");
        List<SinkRecord> rest =
            List.of(bad, Events.payment(3L, 1, "PAID"), Events.payment(4L, 1, "PAID"));
        try (RunningSink sink =
            RunningSink.with(
                settings("apply.concurrency", "3", "batch.max.records", "1"), context)) {
          // When
          sink.put(first);
          assertThrows(ConnectException.class, () -> sink.put(rest));

          // Then: Connect asks once more, as it does whenever a task ends
          assertTrue(offset(sink) <= bad.kafkaOffset());
        }
      }
    }
  }

  @Test
  void coordinatesAreThoseBeforeTransformations() throws SQLException {
    // Given
    Map<TopicPartition, OffsetAndMetadata> expected = new HashMap<>();
    List<SinkRecord> renamed = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      SinkRecord record = Events.payment((long) i, 1, "PAID");
      renamed.add(
          record.newRecord(
              "renamed", 99, null, record.key(), null, record.value(), record.timestamp()));
      expected.put(PAYMENTS, new OffsetAndMetadata(record.kafkaOffset() + 1));
    }

    try (RunningSink sink = RunningSink.on(database)) {
      // When
      sink.put(renamed);

      // Then
      assertEquals(expected, sink.committable());
      assertEquals(List.of("10"), database.rows("SELECT count(*) FROM payments"));
    }
  }

  @Test
  void revokedPartitionsAreNotWaitedFor() throws SQLException {
    try (RunningSink sink = RunningSink.on(database)) {
      // Given
      sink.put(Events.payment(1L, 1, "PAID"));
      database.execute("BEGIN; LOCK TABLE payments IN ACCESS EXCLUSIVE MODE");
      sink.deliver(List.of(Events.payment(2L, 1, "PAID")));
      sink.deliver(List.of(Events.inventory(3L, 1, "RECEIVE", "A:1")));

      // When
      sink.revoke(List.of(PAYMENTS));

      // Then
      assertEquals(1, sink.committable().size());
      database.execute("COMMIT");
      sink.put();
      assertEquals(List.of("A|1|0"), database.stock());
    }
  }

  @Test
  void workersKeepTheSequenceOfEachOrder() throws SQLException {
    // Given: a trigger rejects an older version after a newer one
    database.stock("A", 100_000);
    database.execute(
        """
        CREATE FUNCTION only_newer() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
          IF NEW.version <= OLD.version THEN RAISE EXCEPTION 'stale'; END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER only_newer BEFORE UPDATE ON order_inventory
           FOR EACH ROW EXECUTE FUNCTION only_newer()""");
    String[] statuses = {"PLACED", "SHIPPED", "CANCELLED", "RETURNED"};
    SplittableRandom random = new SplittableRandom(2);
    long[] versions = new long[7];
    Map<String, String> settings = settings("batch.max.records", "25", "apply.concurrency", "4");
    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      // When
      for (int round = 0; round < 100; round++) {
        List<SinkRecord> records = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          int id = random.nextInt(versions.length);
          String status = statuses[random.nextInt(statuses.length)];
          long version = ++versions[id];
          records.add(Events.order((long) id, version, status, "A:" + (1 + random.nextInt(9))));
          records.add(Events.payment((long) id, version, status));
        }
        sink.deliver(records);
      }
      sink.put();

      // Then
      assertEquals(List.of(), sink.reported());
    }
    List<String> expected = new ArrayList<>();
    for (int id = 0; id < versions.length; id++) {
      expected.add(id + "|" + versions[id] + "|" + versions[id] + "|" + versions[id]);
    }
    assertEquals(
        expected,
        database.rows(
            "SELECT order_id, o.version, p.version, p.due_version"
                + " FROM order_inventory o JOIN payments p USING (order_id) ORDER BY order_id"));
    assertEquals(List.of(), database.drift());
  }

  private static long offset(RunningSink sink) {
    return Objects.requireNonNull(sink.committable().get(PAYMENTS)).offset();
  }

  private Map<String, String> settings(String... changes) {
    Map<String, String> settings = RunningSink.settings(database);
    for (int i = 0; i < changes.length; i += 2) {
      settings.put(changes[i], changes[i + 1]);
    }
    return settings;
  }
}
