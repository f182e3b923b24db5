package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StockEffectsTest {

  private WarehouseDatabase database;
  private RunningSink sink;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    sink = RunningSink.on(database);
    database.stock("A", 10);
    database.stock("B", 5);
  }

  @AfterEach
  void close() throws SQLException {
    sink.close();
    assertEquals(List.of(), database.drift());
    database.close();
  }

  @Test
  void orderIsReservedThenShipped() throws SQLException {
    // When
    sink.put(Events.order(1L, 1, "PLACED", "A:3", "B:1"));

    // Then
    assertEquals(List.of("A|10|3", "B|5|1"), database.stock());
    assertEquals(List.of("1|1|RESERVED|null"), database.orders());

    // When
    sink.put(Events.order(1L, 2, "SHIPPED", "A:3", "B:1"));

    // Then
    assertEquals(List.of("A|7|0", "B|4|0"), database.stock());
    assertEquals(List.of("1|2|SHIPPED|null"), database.orders());
    assertEquals(List.of("A|-3", "B|-1"), database.rows("SELECT sku, moved FROM stock ORDER BY 1"));
  }

  @Test
  void changedItemsMoveTheDifferenceOnly() throws SQLException {
    // Given
    sink.put(Events.order(1L, 1, "PLACED", "A:3", "B:1"));

    // When
    sink.put(Events.order(1L, 2, "PLACED", "A:5"));

    // Then
    assertEquals(List.of("A|10|5", "B|5|0"), database.stock());
    assertEquals(
        List.of("1|A|5|0"),
        database.rows("SELECT order_id, sku, reserved, on_hand_delta FROM order_inventory_lines"));
  }

  @Test
  void cancelledOrderIsReleased() throws SQLException {
    // Given
    sink.put(Events.order(1L, 1, "PLACED", "A:3"));

    // When
    sink.put(Events.order(1L, 2, "CANCELLED", "A:3"));

    // Then
    assertEquals(List.of("A|10|0", "B|5|0"), database.stock());
    assertEquals(List.of("1|2|RELEASED|null"), database.orders());
  }

  @Test
  void returnedOrderBringsItsStockBack() throws SQLException {
    // Given
    sink.put(Events.order(1L, 1, "SHIPPED", "A:3"));

    // When
    sink.put(Events.order(1L, 2, "RETURNED", "A:3"));

    // Then
    assertEquals(List.of("A|10|0", "B|5|0"), database.stock());
    assertEquals(List.of("1|2|RETURNED|null"), database.orders());
  }

  @Test
  void receiptOfANewSkuMakesItsRow() throws SQLException {
    // When
    sink.put(Events.inventory(100L, 1, "RECEIVE", "C:7", "A:1"));

    // Then
    assertEquals(List.of("A|11|0", "B|5|0", "C|7|0"), database.stock());
    assertEquals(List.of("100|1|RECEIVED|null"), database.orders());
  }

  @Test
  void reserveThatDoesNotFitIsRejectedAsAWhole() throws SQLException {
    // When
    sink.put(
        Events.order(1L, 1, "PLACED", "A:3", "B:6"), Events.order(2L, 1, "PLACED", "A:1", "X:1"));

    // Then
    assertEquals(List.of("A|10|0", "B|5|0"), database.stock());
    assertEquals(
        List.of("1|1|REJECTED|INSUFFICIENT_STOCK", "2|1|REJECTED|UNKNOWN_SKU"), database.orders());
  }

  @Test
  void rejectedOrderIsTriedAfreshWithItsNextVersion() throws SQLException {
    // Given
    sink.put(Events.order(1L, 1, "PLACED", "B:6"));
    sink.put(Events.inventory(100L, 1, "RECEIVE", "B:1"));

    // When
    sink.put(Events.order(1L, 2, "PLACED", "B:6"));

    // Then
    assertEquals(List.of("A|10|0", "B|6|6"), database.stock());
  }

  @Test
  void tombstoneReleasesItsOrder() throws SQLException {
    // Given
    sink.put(Events.order(1L, 1, "PLACED", "A:3"));

    // When
    sink.put(Events.tombstone(1L));

    // Then
    assertEquals(List.of("A|10|0", "B|5|0"), database.stock());
    assertTrue(database.orders().get(0).endsWith("RELEASED|DELETED"));
  }

  @Test
  void replayedBatchLeavesEverythingUnchanged() throws SQLException {
    // Given
    SinkRecord[] batch = {
      Events.order(1L, 1, "PLACED", "A:3", "B:1"),
      Events.order(2L, 1, "PLACED", "A:4"),
      Events.order(1L, 2, "SHIPPED", "A:3", "B:1"),
      Events.payment(1L, 1, "PAID"),
      Events.inventory(100L, 1, "RECEIVE", "C:7")
    };
    sink.put(batch);
    String everything =
        "SELECT * FROM stock s, order_inventory o, order_inventory_lines l, payments p ORDER BY"
            + " s.sku, o.order_id, l.order_id, l.sku, p.order_id";
    List<String> before = database.rows(everything);

    // When
    sink.put(batch);
    sink.put(batch[0], batch[2]);
    sink.put(batch[0]);

    // Then
    assertEquals(before, database.rows(everything));
    assertEquals(List.of("A|7|4", "B|4|0", "C|7|0"), database.stock());
  }

  @Test
  void olderVersionChangesNothing() throws SQLException {
    // Given
    sink.put(Events.order(1L, 5, "SHIPPED", "A:3"));

    // When
    sink.put(Events.order(1L, 4, "PLACED", "A:3"));

    // Then
    assertEquals(List.of("A|7|0", "B|5|0"), database.stock());
    assertEquals(List.of("1|5|SHIPPED|null"), database.orders());
  }

  @Test
  void aPersonCorrectsStockWithoutMakingDrift() throws SQLException {
    // Given
    sink.put(Events.order(1L, 1, "PLACED", "A:3"), Events.order(2L, 1, "SHIPPED", "A:2"));

    // When
    database.execute("UPDATE stock SET on_hand = on_hand + 5 WHERE sku = 'A'");
    sink.put(Events.order(1L, 2, "SHIPPED", "A:3"));

    // Then
    assertEquals(List.of("A|10|0", "B|5|0"), database.stock());
    assertEquals(List.of(), database.drift());
  }

  @Test
  void stockThatSomethingElseReservedShowsAsDrift() throws SQLException {
    // When
    database.execute("UPDATE stock SET reserved = 1 WHERE sku = 'A'");

    // Then
    assertEquals(List.of("A||10|1|null|0|null|0|null|0|null"), database.drift());
    database.execute("UPDATE stock SET reserved = 0 WHERE sku = 'A'");
  }
}
