package io.orderflow.sink.deadletter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.BadRecordCase;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.OddRecordCase;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of bad records, as a batch for PostgreSQL. */
class BadRecordBatchTest {

  @ParameterizedTest
  @EnumSource(OrderIdType.class)
  void eachBadRecordOfABatchCostsItselfAlone(OrderIdType idType) throws SQLException {
    // Given
    List<BadRecordCase> table =
        BadRecordCase.all().stream().filter(bad -> bad.idType() == idType).toList();
    List<SinkRecord> batch = new ArrayList<>();
    Map<Long, String> expected = new TreeMap<>();
    for (BadRecordCase bad : table) {
      batch.add(Events.inventory(id(idType, batch.size()), 1, "RECEIVE", "A:1"));
      batch.add(bad.record());
      expected.put(bad.record().kafkaOffset(), bad.message());
    }
    batch.add(Events.inventory(id(idType, batch.size()), 1, "RECEIVE", "A:1"));

    try (WarehouseDatabase database = WarehouseDatabase.installed(idType);
        RunningSink sink = sink(database)) {
      // When
      sink.put(batch);

      // Then
      Map<Long, String> reported = new TreeMap<>();
      for (FakeSinkContext.Reported report : sink.reported()) {
        reported.put(report.record().kafkaOffset(), String.valueOf(report.cause().getMessage()));
      }
      assertEquals(expected, reported);
      assertEquals(table.size(), sink.reported().size());
      assertEquals(List.of("A|" + (table.size() + 1) + "|0"), database.stock());
      assertEquals(List.of(), database.drift());
    }
  }

  @Test
  void recordsThatOnlyLookBadAreNotReported() throws SQLException {
    // Given
    List<SinkRecord> batch = OddRecordCase.all().stream().map(OddRecordCase::record).toList();

    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT);
        RunningSink sink = sink(database)) {
      // When
      sink.put(batch);

      // Then: the tombstone is the newest of them
      assertEquals(List.of(), sink.reported());
      assertEquals(
          List.of("5|RELEASED|DELETED"),
          database.rows("SELECT order_id, state, reason FROM order_inventory"));
    }
  }

  @Test
  void tenThousandItemsAreOneTransaction() throws SQLException {
    // Given
    String[] items = new String[10_000];
    for (int i = 0; i < items.length; i++) {
      items[i] = "SKU-" + i + ":3";
    }

    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT);
        RunningSink sink = sink(database)) {
      // When
      sink.put(
          Events.inventory(1L, 1, "RECEIVE", items), Events.inventory(2L, 1, "RESERVE", items));

      // Then
      assertEquals(List.of(), sink.reported());
      assertEquals(
          List.of("10000|30000|30000"),
          database.rows("SELECT count(*), sum(on_hand), sum(reserved) FROM stock"));
      assertEquals(List.of(), database.drift());
    }
  }

  @Test
  void longestTextThatIsReadIsTheLongestThatAnIndexHolds() throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.TEXT);
        RunningSink sink = sink(database)) {
      // When
      String longest = OddRecordCase.incompressible(2_692);
      sink.put(
          Events.inventory("1", 1, "RECEIVE", longest.substring(1) + ":1"),
          Events.order(longest, 1, "CANCELLED"),
          Events.record("payments", longest, Map.of("version", 1L, "status", "PAID")));

      // Then
      assertEquals(List.of(), sink.reported());
      assertEquals(List.of("2691"), database.rows("SELECT length(sku) FROM stock"));
      assertEquals(List.of("2692"), database.rows("SELECT length(order_id) FROM payments"));
      SQLException tooLong =
          assertThrows(
              SQLException.class,
              () -> database.execute("INSERT INTO stock (sku) VALUES ('" + longest + "')"));
      assertEquals("54000", tooLong.getSQLState());
    }
  }

  private static Object id(OrderIdType idType, long number) {
    return switch (idType) {
      case BIGINT, INTEGER -> 1_000 + number;
      case TEXT -> "order-" + number;
      case UUID -> new UUID(0, number).toString();
    };
  }

  private static RunningSink sink(WarehouseDatabase database) {
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("topics", "orders,inventory,payments,dead-letters");
    settings.put("topics.dead.letter", "dead-letters");
    settings.put("order.expires.field", "expires");
    settings.put("inventory.expires.field", "expires");
    settings.put("reservation.ttl.statuses", "PENDING");
    return RunningSink.with(settings, new FakeSinkContext(true));
  }
}
