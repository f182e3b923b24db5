package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartialReservationsTest {

  private static final String LINES =
      "SELECT order_id, sku, reserved, backordered FROM order_inventory_lines ORDER BY 1, 2";

  private WarehouseDatabase database;
  private RunningSink sink;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("reservation.policy", "partial");
    sink = RunningSink.with(settings, new FakeSinkContext(true));
    database.stock("A", 10);
    database.stock("B", 5);
  }

  @AfterEach
  void close() throws SQLException {
    sink.close();
    assertEquals(List.of(), sink.reported());
    assertEquals(List.of(), database.drift());
    database.close();
  }

  @Test
  void orderTakesWhatThereIsAndTheRestIsBackordered() throws SQLException {
    // When
    sink.put(
        Events.order(1L, 1, "PLACED", "A:4", "B:7", "X:2"),
        Events.order(2L, 1, "PLACED", "A:1"),
        Events.order(3L, 1, "PLACED", "B:1"));

    // Then
    assertEquals(
        List.of(
            "1|1|PARTIALLY_RESERVED|UNKNOWN_SKU",
            "2|1|RESERVED|null",
            "3|1|REJECTED|INSUFFICIENT_STOCK"),
        database.orders());
    assertEquals(List.of("1|A|4|0", "1|B|5|2", "1|X|0|2", "2|A|1|0"), database.rows(LINES));
    assertEquals(List.of("A|10|5", "B|5|5"), database.stock());
  }

  @Test
  void nothingBackorderedIsNull() throws SQLException {
    // Given
    sink.put(Events.order(1L, 1, "PLACED", "B:7"), Events.order(2L, 1, "PLACED", "A:1"));
    String backordered = "SELECT order_id, backordered FROM order_inventory ORDER BY 1";
    assertEquals(List.of("1|{2}", "2|null"), database.rows(backordered));

    // When
    sink.put(Events.order(1L, 2, "CANCELLED", "B:7"));

    // Then
    assertEquals(List.of("1|null", "2|null"), database.rows(backordered));
    assertEquals(List.of("2|A|1|0"), database.rows(LINES));
  }

  @Test
  void nextVersionTakesWhatHasComeInSince() throws SQLException {
    // Given
    sink.put(Events.order(1L, 1, "PLACED", "B:8", "X:2"));
    sink.put(Events.inventory(100L, 1, "RECEIVE", "B:2", "X:2"));

    // When
    sink.put(Events.order(1L, 2, "PLACED", "B:8", "X:2"));

    // Then
    assertEquals(List.of("1|B|7|1", "1|X|2|0"), database.rows(LINES).subList(0, 2));

    // When
    sink.put(Events.inventory(101L, 1, "RECEIVE", "B:2"));
    sink.put(Events.order(1L, 3, "PLACED", "B:8", "X:2"));

    // Then
    assertEquals("1|3|RESERVED|null", database.orders().get(0));
    assertEquals(List.of("A|10|0", "B|9|8", "X|2|2"), database.stock());
  }

  @Test
  void ordersOfOneBatchShareWhatThereIs() throws SQLException {
    // When
    sink.put(
        Events.order(1L, 1, "PLACED", "B:3"),
        Events.order(2L, 1, "PLACED", "B:3"),
        Events.order(3L, 1, "PLACED", "B:3"));

    // Then
    assertEquals(List.of("1|B|3|0", "2|B|2|1"), database.rows(LINES));
    assertEquals("3|1|REJECTED|INSUFFICIENT_STOCK", database.orders().get(2));
  }

  @Test
  void replayedBatchLeavesEverythingUnchanged() throws SQLException {
    // Given
    SinkRecord[] batch = {
      Events.order(1L, 1, "PLACED", "A:12", "B:7", "X:2"),
      Events.inventory(100L, 1, "RECEIVE", "A:5"),
      Events.order(2L, 1, "PLACED", "A:9"),
    };
    sink.put(batch);
    sink.put(Events.inventory(101L, 1, "RECEIVE", "B:9"));
    String everything = "SELECT s.*, o.* FROM stock s, order_inventory o ORDER BY 1, 5";
    List<String> before = database.rows(everything);

    // When
    sink.put(batch);
    sink.put(batch[0]);

    // Then
    assertEquals(before, database.rows(everything));
  }

  @Test
  void shipmentOfMoreThanThereIsIsRejectedAndReleasesItsPart() throws SQLException {
    // Given
    sink.put(Events.order(1L, 1, "PLACED", "B:8"));

    // When: the shop says that all eight have left
    sink.put(Events.order(1L, 2, "SHIPPED", "B:8"));

    // Then
    assertEquals(List.of("1|2|REJECTED|INSUFFICIENT_STOCK"), database.orders());
    assertEquals(List.of("A|10|0", "B|5|0"), database.stock());

    // When: it says what really has
    sink.put(Events.order(1L, 3, "SHIPPED", "B:5"));

    // Then
    assertEquals(List.of("1|3|SHIPPED|null"), database.orders());
    assertEquals(List.of("A|10|0", "B|0|0"), database.stock());
  }
}
