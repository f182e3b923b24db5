package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditTest {

  private static final String TRAIL =
      "SELECT order_id, version, kind, state, reason, skus, reserved, on_hand FROM order_audit"
          + " ORDER BY order_id, version, kind";
  private static final String COUNT = "SELECT count(*) FROM order_audit";
  private static final String PARTITIONS =
      "SELECT count(*) FROM pg_inherits WHERE inhparent = 'order_audit'::regclass";

  private WarehouseDatabase database;
  private RunningSink sink;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    database.execute(
        WarehouseDatabase.TABLES.auditScript(WarehouseDatabase.AUDIT, OrderIdType.BIGINT));
    sink = auditing();
    database.stock("A", 10);
  }

  private RunningSink auditing() {
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("audit", "true");
    return RunningSink.with(settings, new FakeSinkContext(true));
  }

  @AfterEach
  void close() throws SQLException {
    sink.close();
    assertEquals(List.of(), sink.reported());
    assertEquals(List.of(), database.drift());
    database.close();
  }

  @Test
  void eachChangeLeavesARowOfWhatMoved() throws SQLException {
    // When
    sink.put(Events.order(1L, 1, "PLACED", "A:3"), Events.payment(1L, 7, "PAID"));
    sink.put(Events.order(1L, 2, "SHIPPED", "A:3"), Events.order(2L, 1, "PLACED", "A:99"));

    // Then
    assertEquals(
        List.of(
            "1|1|due|null|null|{}|{}|{}",
            "1|1|inventory|RESERVED|null|{A}|{3}|{0}",
            "1|2|due|null|null|{}|{}|{}",
            "1|2|inventory|SHIPPED|null|{A}|{-3}|{-3}",
            "1|7|payment|PAID|null|{}|{}|{}",
            "2|1|due|null|null|{}|{}|{}",
            "2|1|inventory|REJECTED|INSUFFICIENT_STOCK|{}|{}|{}"),
        database.rows(TRAIL));
  }

  @Test
  void rowTellsRecordAndTrace() throws SQLException {
    // Given
    SinkRecord record = Events.inventory(1L, 1, "RECEIVE", "A:1");
    record
        .headers()
        .addString("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    SinkRecord without = Events.inventory(2L, 1, "RECEIVE", "A:1");
    without.headers().addString("traceparent", "none");

    // When
    sink.put(record, without);

    // Then
    assertEquals(
        List.of(
            "inventory|0|" + record.kafkaOffset() + "|4bf92f3577b34da6a3ce929d0e0e4736|t",
            "inventory|0|" + without.kafkaOffset() + "|null|t"),
        database.rows(
            "SELECT topic, kafka_partition, kafka_offset, trace_id, at > now() - interval '1 min'"
                + " FROM order_audit ORDER BY order_id"));
  }

  @Test
  void replayAndOlderVersionsLeaveNoRow() throws SQLException {
    // Given
    SinkRecord[] batch = {
      Events.order(1L, 2, "PLACED", "A:3"), Events.payment(1L, 2, "PAID"),
    };
    sink.put(batch);

    // When
    sink.put(batch);
    sink.put(Events.order(1L, 1, "PLACED", "A:1"), Events.payment(1L, 1, "OPEN"));

    // Then
    assertEquals(List.of("3"), database.rows(COUNT));
  }

  @Test
  void everythingAppliedOnceMoreIntoEmptiedTablesIsNoBadRecord() throws SQLException {
    // Given
    SinkRecord[] batch = {Events.order(1L, 1, "PLACED", "A:3"), Events.payment(1L, 1, "PAID")};
    sink.put(batch);
    database.execute("TRUNCATE order_inventory, payments; UPDATE stock SET reserved = 0");

    // When
    sink.put(batch);

    // Then: the trail keeps the rows that it has
    assertEquals(List.of("A|10|3"), database.stock());
    assertEquals(List.of("3"), database.rows(COUNT));
  }

  @Test
  void tasksThatHoldTheSamePartitionsLeaveOneRowForEachChange() throws SQLException {
    // Given
    List<SinkRecord> records = new ArrayList<>();
    for (long version = 1; version <= 3; version++) {
      for (long id = 0; id < 300; id++) {
        records.add(Events.order(id, version, version == 3 ? "CANCELLED" : "PLACED", "A:1"));
        records.add(Events.payment(id, version, "V" + version));
      }
    }
    try (RunningSink zombie = auditing()) {
      // When
      CompletableFuture<Void> other =
          CompletableFuture.runAsync(() -> inPieces(zombie, records, 70));
      inPieces(sink, records, 50);
      other.join();
      assertEquals(List.of(), zombie.reported());
    }

    // Then
    assertEquals(
        List.of(),
        database.rows(
            "SELECT order_id FROM order_audit GROUP BY order_id, kind, version HAVING count(*) >"
                + " 1"));
    assertEquals(
        List.of("300|300|300"),
        database.rows(
            "SELECT count(*) FILTER (WHERE kind = 'inventory'),"
                + " count(*) FILTER (WHERE kind = 'payment'), count(*) FILTER (WHERE kind = 'due')"
                + " FROM order_audit WHERE version = 3"));
  }

  private static void inPieces(RunningSink sink, List<SinkRecord> records, int size) {
    for (int from = 0; from < records.size(); from += size) {
      sink.put(records.subList(from, Math.min(from + size, records.size())));
    }
  }

  @Test
  void monthThatIsMissingIsMade() throws SQLException {
    // Given: the partition of this month is missing
    sink.put(Events.order(1L, 1, "PLACED", "A:1"));
    assertEquals(List.of("2"), database.rows(PARTITIONS));
    for (String partition :
        database.rows(
            "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'order_audit'::regclass")) {
      database.execute("DROP TABLE " + partition);
    }

    // When
    sink.put(Events.order(2L, 1, "PLACED", "A:1"), Events.payment(2L, 1, "PAID"));

    // Then
    assertEquals(List.of("2"), database.rows(PARTITIONS));
    assertEquals(List.of("3"), database.rows(COUNT));
    assertEquals(List.of("A|10|2"), database.stock());
  }

  @Test
  void oldMonthIsDroppedWhileTheSinkRuns() throws SQLException {
    // Given
    sink.put(Events.order(1L, 1, "PLACED", "A:1"));
    database.execute(
        "CREATE TABLE order_audit_2020_01 PARTITION OF order_audit FOR VALUES IN ('2020-01-01')");
    database.execute(
        "INSERT INTO order_audit SELECT '2020-01-01', '2020-01-07', 9, 1, 'due', '', NULL, NULL,"
            + " '{}', NULL, '{}',"
            + " '{}', NULL, NULL, 'orders', 0, 0, NULL");
    assertEquals(List.of("3"), database.rows(COUNT));

    // When: as docs/operations/audit.md has it
    database.execute("ALTER TABLE order_audit DETACH PARTITION order_audit_2020_01 CONCURRENTLY");
    database.execute("DROP TABLE order_audit_2020_01");
    sink.put(Events.order(2L, 1, "PLACED", "A:1"));

    // Then
    assertEquals(List.of("4"), database.rows(COUNT));
  }

  @Test
  void trailIsCreatedWithTheOtherTables() throws SQLException {
    try (WarehouseDatabase empty = WarehouseDatabase.empty()) {
      Map<String, String> settings = RunningSink.settings(empty);
      settings.put("audit", "true");
      settings.put("auto.create", "true");
      settings.put("table.audit", "public.\"Audit's\"");
      settings.put("table.stock", "public.\"Stock's\"");
      try (RunningSink creating = RunningSink.with(settings, new FakeSinkContext(true))) {
        // When
        creating.put(Events.inventory("PO-1", 1, "RECEIVE", "A:1"));

        // Then
        assertEquals(List.of("PO-1|{1}"), empty.rows("SELECT order_id, on_hand FROM \"Audit's\""));
      }
    }
  }

  @Test
  void roleThatOwnsNothingNeedsNoMoreThanToInsert() throws SQLException {
    // Given
    database.execute(
        "DROP ROLE IF EXISTS auditor; CREATE ROLE auditor LOGIN PASSWORD 'auditor';"
            + " GRANT SELECT, INSERT, UPDATE ON stock, order_inventory, payments TO auditor;"
            + " GRANT SELECT, INSERT ON order_audit TO auditor");
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("audit", "true");
    settings.put("database.user", "auditor");
    settings.put("database.password", "auditor");
    try (RunningSink restricted = RunningSink.with(settings, new FakeSinkContext(true))) {
      // When
      restricted.put(Events.inventory(1L, 1, "RECEIVE", "A:1"));

      // Then
      assertEquals(List.of("1"), database.rows(COUNT));
    } finally {
      sink.put();
      database.execute("DROP OWNED BY auditor; DROP ROLE auditor");
    }
  }
}
