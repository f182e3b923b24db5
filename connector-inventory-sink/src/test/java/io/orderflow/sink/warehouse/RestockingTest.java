package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

/** Received stock counts once, as shipped stock does. Purchase order 100 is the delivery. */
class RestockingTest {

  private WarehouseDatabase database;
  private RunningSink sink;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    sink = RunningSink.on(database);
  }

  @AfterEach
  void close() throws SQLException {
    sink.close();
    assertEquals(List.of(), sink.reported());
    assertEquals(List.of(), database.drift());
    database.close();
  }

  @Test
  void deliveryThatIsReplayedComesInOnce() throws SQLException {
    // Given
    SinkRecord delivery = Events.inventory(100L, 1, "RECEIVE", "A:7", "B:2");
    sink.put(delivery, delivery);

    // When
    sink.put(delivery);

    // Then
    assertEquals(List.of("A|7|0", "B|2|0"), database.stock());
    assertEquals(List.of("100|1|RECEIVED|null"), database.orders());
  }

  @Test
  void correctedDeliveryMovesTheDifferenceAndALateOldOneNothing() throws SQLException {
    // Given
    SinkRecord first = Events.inventory(100L, 1, "RECEIVE", "A:7", "B:2");
    sink.put(first);

    // When: two less of A, no B, but a C
    sink.put(Events.inventory(100L, 2, "RECEIVE", "A:5", "C:1"));
    sink.put(first);

    // Then
    assertEquals(List.of("A|5|0", "B|0|0", "C|1|0"), database.stock());
    assertEquals(
        List.of("A|0|5", "C|0|1"),
        database.rows("SELECT sku, reserved, on_hand_delta FROM order_inventory_lines ORDER BY 1"));
  }

  @Test
  void deliveryIsTakenBackWhileNobodyHasItsStock() throws SQLException {
    // Given
    sink.put(Events.inventory(100L, 1, "RECEIVE", "A:7"));

    // When
    sink.put(Events.inventory(100L, 2, "RELEASE"));

    // Then
    assertEquals(List.of("A|0|0"), database.stock());
    assertEquals(List.of("100|2|RELEASED|null"), database.orders());
  }

  @Test
  void deliveryWhoseStockWasSoldStaysUntilItCanBeTakenBack() throws SQLException {
    // Given
    sink.put(Events.inventory(100L, 1, "RECEIVE", "A:7"));
    sink.put(Events.order(1L, 1, "SHIPPED", "A:2"), Events.order(2L, 1, "PLACED", "A:1"));
    SinkRecord takenBack = Events.inventory(100L, 2, "RELEASE");

    // When
    sink.put(takenBack);
    sink.put(takenBack);

    // Then: the stock has not changed, and the row has the reason
    assertEquals(List.of("A|5|1"), database.stock());
    assertEquals("100|2|REJECTED|INSUFFICIENT_STOCK", database.orders().get(2));

    // When: both orders have given back what they had
    sink.put(Events.order(1L, 2, "RETURNED", "A:2"), Events.order(2L, 2, "CANCELLED", "A:1"));
    sink.put(Events.inventory(100L, 3, "RELEASE"));

    // Then
    assertEquals(List.of("A|0|0"), database.stock());
    assertEquals("100|3|RELEASED|null", database.orders().get(2));
  }

  @Test
  void deliveryCorrectedBelowWhatWasSoldStaysAsItWas() throws SQLException {
    // Given
    sink.put(Events.inventory(100L, 1, "RECEIVE", "A:7"));
    sink.put(Events.order(1L, 1, "PLACED", "A:6"));

    // When
    sink.put(Events.inventory(100L, 2, "RECEIVE", "A:5"));

    // Then
    assertEquals(List.of("A|7|6"), database.stock());
    assertEquals("100|2|REJECTED|INSUFFICIENT_STOCK", database.orders().get(1));

    // When
    sink.put(Events.inventory(100L, 3, "RECEIVE", "A:6"));

    // Then
    assertEquals(List.of("A|6|6"), database.stock());
  }

  @Test
  void returnOfAShippedOrderBringsItsStockBackOnce() throws SQLException {
    // Given
    sink.put(Events.inventory(100L, 1, "RECEIVE", "A:7"));
    SinkRecord shipped = Events.inventory(1L, 1, "SHIP", "A:3");
    SinkRecord returned = Events.inventory(1L, 2, "RETURN", "A:3");
    sink.put(shipped);
    assertEquals(List.of("A|4|0"), database.stock());

    // When
    sink.put(returned);
    sink.put(shipped, returned);

    // Then
    assertEquals(List.of("A|7|0"), database.stock());
    assertEquals("1|2|RETURNED|null", database.orders().get(0));
  }

  @Test
  void returnThatIsSeenBeforeItsShipmentLeavesNothingShipped() throws SQLException {
    // Given
    sink.put(Events.inventory(100L, 1, "RECEIVE", "A:7"));

    // When
    sink.put(Events.inventory(1L, 2, "RETURN", "A:3"));
    sink.put(Events.inventory(1L, 1, "SHIP", "A:3"));

    // Then
    assertEquals(List.of("A|7|0"), database.stock());
  }

  @Test
  void partOfAnOrderComesBackUnderAnIdOfItsOwn() throws SQLException {
    // Given
    sink.put(Events.inventory(100L, 1, "RECEIVE", "A:7"));
    sink.put(Events.order(1L, 1, "SHIPPED", "A:3"));
    SinkRecord parcel = Events.inventory(9_001L, 1, "RECEIVE", "A:1");

    // When
    sink.put(parcel);
    sink.put(parcel);

    // Then
    assertEquals(List.of("A|5|0"), database.stock());
    assertEquals("1|1|SHIPPED|null", database.orders().get(0));
  }
}
