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

/** Rows that PostgreSQL does not write as it should, although it reports no error. */
class UnwrittenRowsTest {

  private static final long BAD = 7;

  /** The trigger's table and event, and what it does with the row of one record. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "order_inventory ~ INSERT ~ RETURN NULL ~ orders",
        "order_inventory ~ UPDATE ~ RETURN NULL ~ orders",
        "order_inventory ~ INSERT ~ NEW.version := NEW.version + 9 ~ orders",
        "order_inventory ~ UPDATE ~ NEW.version := NEW.version + 9 ~ orders",
        "order_inventory ~ UPDATE ~ NEW.version := 0 ~ orders",
        "order_inventory ~ INSERT ~ NEW.order_id := 700 + NEW.version ~ orders",
        "order_inventory ~ UPDATE ~ NEW.reserved := '{0}' ~ orders",
        "payments ~ INSERT ~ RETURN NULL ~ payments",
        "payments ~ UPDATE ~ RETURN NULL ~ payments",
        "payments ~ UPDATE ~ NEW.version := NEW.version + 9 ~ payments",
        "payments ~ INSERT ~ NEW.order_id := 700 + NEW.version ~ payments",
        "order_payments ~ INSERT ~ RETURN NULL ~ order payments",
        "order_payments ~ UPDATE ~ RETURN NULL ~ order payments",
        "order_payments ~ UPDATE ~ NEW.paid := 0 ~ order payments",
        "order_payments ~ INSERT ~ NEW.currency := 'USD' ~ order payments",
        "payment_totals ~ INSERT ~ RETURN NULL ~ payment totals",
        "payment_totals ~ UPDATE ~ RETURN NULL ~ payment totals",
        "payment_totals ~ INSERT ~ NEW.paid := NEW.paid + 1 ~ payment totals",
        "payment_totals ~ UPDATE ~ NEW.paid := OLD.paid ~ payment totals",
        "payment_totals ~ UPDATE ~ NEW.refunded := 5 ~ payment totals",
        "payment_totals ~ INSERT ~ NEW.currency := 'USD' ~ payment totals",
      })
  void rowThatATriggerSuppressesOrChangesCostsItsRecordAlone(
      String table, String event, String action, String named) throws SQLException {
    // Given
    boolean ofOrders = table.startsWith("order_payments") || table.equals("payment_totals");
    try (WarehouseDatabase database = WarehouseDatabase.withPaymentIds(OrderIdType.BIGINT);
        RunningSink sink = start(database, ofOrders)) {
      database.stock("A", 1_000);
      Function<Long, List<SinkRecord>> records =
          table.equals("order_inventory")
              ? UnwrittenRowsTest::orders
              : ofOrders ? UnwrittenRowsTest::orderPayments : UnwrittenRowsTest::payments;
      if (event.equals("UPDATE")) {
        sink.put(records.apply(1L));
      }
      database.execute(
          """
          CREATE FUNCTION interfere() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN IF NEW.order_id = 7 THEN %s; END IF; RETURN NEW; END $$;
          CREATE TRIGGER interfere BEFORE %s ON %s FOR EACH ROW EXECUTE FUNCTION interfere()"""
              .formatted(action, event, table));

      // When: as a task that starts again, which reads again which triggers there are
      List<SinkRecord> second = records.apply(2L);
      try (RunningSink again = start(database, ofOrders)) {
        again.put(second);
        again.put(second);

        // Then: twice, since the record was delivered twice
        for (FakeSinkContext.Reported report : again.reported()) {
          assertEquals(second.get((int) BAD).key(), report.record().key());
          String message = String.valueOf(report.cause().getMessage());
          assertTrue(message.contains("in the table of " + named + " as"), message);
        }
        assertEquals(2, again.reported().size());
      }
      String counted = table.equals("payment_totals") ? "order_payments" : table;
      assertEquals(
          List.of("19"),
          database.rows("SELECT count(*) FROM %s WHERE version = 2".formatted(counted)));
      assertEquals(List.of(), database.drift());
      assertEquals(List.of(), database.rows("SELECT * FROM payment_totals_drift"));
    }
  }

  /** Of stock, as {@link #rowThatATriggerSuppressesOrChangesCostsItsRecordAlone}. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "UPDATE ~ RETURN NULL",
        "UPDATE ~ NEW.reserved := OLD.reserved",
        "UPDATE ~ NEW.on_hand := 9",
        "INSERT ~ RETURN NULL",
        "INSERT ~ NEW.sku := 'other'",
        "INSERT ~ NEW.on_hand := 9",
      })
  void rowOfStockThatATriggerSuppressesOrChangesCostsItsRecordAlone(String event, String action)
      throws SQLException {
    // Given
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT);
        RunningSink sink = start(database, false)) {
      database.stock("A", 10);
      if (event.equals("UPDATE")) {
        database.stock("B", 10);
      }
      database.execute(
          """
          CREATE FUNCTION interfere() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN IF NEW.sku = 'B' THEN %s; END IF; RETURN NEW; END $$;
          CREATE TRIGGER interfere BEFORE %s ON stock FOR EACH ROW EXECUTE FUNCTION interfere()"""
              .formatted(action, event));
      List<SinkRecord> records =
          List.of(
              Events.order(1L, 1, "PLACED", "A:1"),
              event.equals("UPDATE")
                  ? Events.order(2L, 1, "PLACED", "A:1", "B:1")
                  : Events.inventory(2L, 1, "RECEIVE", "A:1", "B:1"),
              Events.order(3L, 1, "PLACED", "A:2"));

      // When
      sink.put(records);

      // Then
      assertEquals(List.of(records.get(1)), reported(sink, FakeSinkContext.Reported::record));
      assertEquals(
          List.of("10|3"), database.rows("SELECT on_hand, reserved FROM stock WHERE sku = 'A'"));
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

  private static List<SinkRecord> orderPayments(long version) {
    return LongStream.range(0, 20)
        .mapToObj(id -> Events.payment("p" + id, version, id, "PAID", (version + 9) + ".00", "EUR"))
        .toList();
  }

  private static RunningSink start(WarehouseDatabase database, boolean hasPaymentIds) {
    Map<String, String> settings = settings(database);
    if (hasPaymentIds) {
      settings.put("payment.id.field", "id");
    }
    return RunningSink.with(settings, new FakeSinkContext(true));
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
