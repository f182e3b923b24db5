package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that PostgreSQL does not write, although it reports no error. */
class UnwrittenRowsTest {

  private static final long BAD = 7;

  @ParameterizedTest
  @CsvSource({
    "order_inventory, INSERT, orders",
    "order_inventory, UPDATE, orders",
    "payments, INSERT, payments",
    "payments, UPDATE, payments"
  })
  void rowThatATriggerSuppressesCostsItsRecordAlone(String table, String event, String named)
      throws SQLException {
    // Given
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT);
        RunningSink sink = RunningSink.with(settings(database), new FakeSinkContext(true))) {
      database.stock("A", 1_000);
      Function<Long, List<SinkRecord>> records =
          table.equals("payments") ? UnwrittenRowsTest::payments : UnwrittenRowsTest::orders;
      if (event.equals("UPDATE")) {
        sink.put(records.apply(1L));
      }
      database.execute(
          """
          CREATE FUNCTION suppress() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN IF NEW.order_id = 7 THEN RETURN NULL; END IF; RETURN NEW; END $$;
          CREATE TRIGGER suppress BEFORE %s ON %s FOR EACH ROW EXECUTE FUNCTION suppress()"""
              .formatted(event, table));

      // When
      List<SinkRecord> second = records.apply(2L);
      sink.put(second);
      sink.put(second);

      // Then: twice, since the record was delivered twice
      for (FakeSinkContext.Reported report : sink.reported()) {
        assertEquals(BAD, report.record().key());
        String message = String.valueOf(report.cause().getMessage());
        assertTrue(message.contains("in the table of " + named), message);
      }
      assertEquals(2, sink.reported().size());
      assertEquals(
          List.of("19"),
          database.rows("SELECT count(*) FROM %s WHERE version = 2".formatted(table)));
      assertEquals(List.of(), database.drift());
    }
  }

  @Test
  void nullInAForeignStockTableCostsItsRecordAlone() throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT);
        RunningSink sink = RunningSink.with(settings(database), new FakeSinkContext(true))) {
      // Given
      database.execute(
          "ALTER TABLE stock ALTER reserved DROP NOT NULL; INSERT INTO stock (sku, on_hand, reserved) VALUES ('A', 10, 0), ('B', 10, NULL)");
      List<SinkRecord> records =
          List.of(
              Events.order(1L, 1, "PLACED", "A:1"),
              Events.order(2L, 1, "PLACED", "B:1"),
              Events.order(3L, 1, "PLACED", "A:2"));

      // When
      sink.put(records);

      // Then
      assertEquals(List.of(records.get(1)), reported(sink, FakeSinkContext.Reported::record));
      assertEquals(List.of("3"), database.rows("SELECT reserved FROM stock WHERE sku = 'A'"));
    }
  }

  @Test
  void keyThatACollationTakesForAnotherCostsItsRecordAlone() throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.TEXT);
        RunningSink sink = RunningSink.with(settings(database), new FakeSinkContext(true))) {
      // Given
      database.execute(
          "CREATE COLLATION ignoring_case (provider = icu, locale = 'und-u-ks-level2',"
              + " deterministic = false); ALTER TABLE payments ALTER order_id TYPE text COLLATE ignoring_case");
      sink.put(Events.payment("order-1", 1, "OPEN"));
      SinkRecord other = Events.payment("ORDER-1", 1, "PAID");

      // When
      sink.put(Events.payment("order-2", 1, "PAID"), other, Events.payment("order-3", 1, "PAID"));

      // Then
      assertEquals(List.of(other), reported(sink, FakeSinkContext.Reported::record));
      assertEquals(
          List.of("order-1|OPEN", "order-2|PAID", "order-3|PAID"),
          database.rows("SELECT order_id, status FROM payments ORDER BY order_id"));
    }
  }

  private static List<SinkRecord> orders(long version) {
    return LongStream.range(0, 20)
        .mapToObj(id -> Events.order(id, version, "PLACED", "A:" + version))
        .toList();
  }

  private static List<SinkRecord> payments(long version) {
    return LongStream.range(0, 20).mapToObj(id -> Events.payment(id, version, "PAID")).toList();
  }

  private static <T> List<T> reported(
      RunningSink sink, Function<FakeSinkContext.Reported, T> part) {
    return sink.reported().stream().map(part).toList();
  }

  private static Map<String, String> settings(WarehouseDatabase database) {
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("retry.backoff.ms", "1");
    settings.put("retry.backoff.max.ms", "10");
    return settings;
  }
}
