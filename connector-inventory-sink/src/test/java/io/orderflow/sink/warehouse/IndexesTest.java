package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a batch does, it does by the tables' keys. */
class IndexesTest {

  @ParameterizedTest
  @EnumSource(OrderIdType.class)
  void noTableIsEverReadFromEndToEnd(OrderIdType type) throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(type)) {
      // Given
      database.stock("A", 1_000_000);
      List<String> before = scans(database);

      // When: statements are prepared on empty tables, and go on being used
      try (RunningSink sink = RunningSink.on(database)) {
        for (int batch = 0; batch < 12; batch++) {
          sink.put(batch(type, batch, 1, "PLACED"));
          sink.put(batch(type, batch, 2, "SHIPPED"));
          sink.put(batch(type, batch, 2, "SHIPPED"));
        }
      }

      // Then
      assertEquals(before, scans(database));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "berlin,hamburg"})
  void norIsStockAtLocations(String candidates) throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT)) {
      // Given
      database.execute(
          "INSERT INTO stock (sku, location, on_hand) VALUES ('A', 'berlin', 1000),"
              + " ('A', 'essen', 1000000), ('A', 'hamburg', 1000000)");
      List<String> before = scans(database);
      Map<String, String> settings = RunningSink.settings(database);
      settings.put("location.policy", "most-stock");
      settings.put("locations", candidates);
      settings.put("order.item.location.field", "location");

      // When
      try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
        for (int batch = 0; batch < 12; batch++) {
          sink.put(batch(OrderIdType.BIGINT, batch, 1, "PLACED"));
          sink.put(batch(OrderIdType.BIGINT, batch, 2, "SHIPPED"));
          sink.put(Events.order(100_000L + batch, 1, "PLACED", "A|essen:1"));
        }
        assertEquals(List.of(), sink.reported());
      }

      // Then
      assertEquals(before, scans(database));
    }
  }

  @Test
  void norAreThoseOfSeveralPayments() throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.withPaymentIds(OrderIdType.BIGINT)) {
      // Given
      List<String> before = scans(database);

      // When
      try (RunningSink sink =
          RunningSink.with(OrderPaymentsTest.settings(database), new FakeSinkContext(true))) {
        for (int batch = 0; batch < 12; batch++) {
          for (long version = 1; version <= 2; version++) {
            sink.put(payments(batch, version));
            sink.put(payments(batch, version));
          }
        }
        assertEquals(List.of(), sink.reported());
      }

      // Then
      assertEquals(before, scans(database));
      assertEquals(List.of("4800"), database.rows("SELECT count(*) FROM order_payments"));
      database.execute("ANALYZE");
      List<String> plan =
          database.rows("EXPLAIN SELECT * FROM payments_balance WHERE order_id = 1700");
      assertEquals(
          List.of(),
          plan.stream().filter(line -> line.contains("Seq Scan on payment_totals")).toList());
    }
  }

  private static List<SinkRecord> payments(int batch, long version) {
    return LongStream.range(batch * 400L, batch * 400L + 400)
        .mapToObj(n -> Events.payment("p" + n, version, n / 2, "PAID", "1.50", "EUR"))
        .toList();
  }

  @Test
  void theStatisticsWouldShowIt() throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT)) {
      List<String> before = scans(database);
      database.rows("SELECT sum(on_hand) FROM stock");
      assertNotEquals(before, scans(database));
    }
  }

  private static List<String> scans(WarehouseDatabase database) throws SQLException {
    List<String> flush =
        database.rows("SELECT proname FROM pg_proc WHERE proname = 'pg_stat_force_next_flush'");
    assumeFalse(
        flush.isEmpty(),
        "needs PostgreSQL 15 or later: mvn -B test -pl connector-inventory-sink -am");
    database.execute("SELECT pg_stat_force_next_flush()");
    return database.rows("SELECT relname, seq_scan FROM pg_stat_user_tables ORDER BY 1");
  }

  private static List<SinkRecord> batch(OrderIdType type, int number, long version, String status) {
    return LongStream.range(number * 200L, number * 200L + 200)
        .boxed()
        .flatMap(
            n -> {
              Object id =
                  switch (type) {
                    case BIGINT, INTEGER -> n;
                    case UUID -> "00000000-0000-0000-0000-%012d".formatted(n);
                    case TEXT -> "order-" + n;
                  };
              return List.of(
                  Events.order(id, version, status, "A:1"), Events.payment(id, version, "PAID"))
                  .stream();
            })
        .toList();
  }
}
