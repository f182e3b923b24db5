package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
