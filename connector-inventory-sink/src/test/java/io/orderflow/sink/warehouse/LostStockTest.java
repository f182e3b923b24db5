package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RepositoryFile;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of stock that people delete, rename or import again, below orders that have reserved. */
class LostStockTest {

  private WarehouseDatabase database;

  @BeforeEach
  void openAndReserve() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    database.stock("A", 10);
    database.stock("B", 10);
    put("all-or-nothing", 1, "PLACED", "A:2", "B:3");
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "DELETE FROM stock WHERE sku = 'A', none",
        "UPDATE stock SET sku = 'C' WHERE sku = 'A', none",
        "'DELETE FROM stock WHERE sku = ''A''; INSERT INTO stock (sku, on_hand) VALUES (''A'', 8)',"
            + " A|8|0"
      })
  void orderThatIsCancelledReleasesWhatCanBeReleased(String change, @Nullable String remaining)
      throws SQLException {
    // Given
    database.execute(change);

    // When
    put("all-or-nothing", 2, "CANCELLED", "A:2", "B:3");

    // Then: the other SKU is free again, and the view shows what is lost
    assertEquals(
        List.of("B|10|0"),
        database.rows("SELECT sku, on_hand, reserved FROM stock WHERE sku = 'B'"));
    assertEquals(
        remaining == null ? List.of() : List.of(remaining),
        database.rows("SELECT sku, on_hand, reserved FROM stock WHERE sku = 'A'"));
    assertEquals(List.of("RELEASED"), database.rows("SELECT state FROM order_inventory"));
    assertEquals(
        List.of("A|2"),
        database.rows(
            "SELECT sku, reserved_by_orders FROM stock_drift WHERE reserved_by_orders > 0"));
  }

  @Test
  void deletedOrderReleasesWhatCanBeReleased() throws SQLException {
    // Given
    database.execute("DELETE FROM stock WHERE sku = 'A'");

    // When
    try (RunningSink sink = RunningSink.on(database)) {
      sink.put(Events.tombstone(1L));
    }

    // Then
    assertEquals(List.of("B|10|0"), database.stock());
    assertEquals(
        List.of("RELEASED|DELETED"), database.rows("SELECT state, reason FROM order_inventory"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"all-or-nothing", "partial"})
  void versionThatWantsOnlyOtherStockIsReserved(String policy) throws SQLException {
    // Given
    database.execute("DELETE FROM stock WHERE sku = 'A'");

    // When
    put(policy, 2, "PLACED", "B:4");

    // Then
    assertEquals(List.of("B|10|4"), database.stock());
    assertEquals(List.of("RESERVED"), database.rows("SELECT state FROM order_inventory"));
  }

  @Test
  void versionThatWantsLostStockIsRejectedAndHoldsNothingElse() throws SQLException {
    // Given
    database.execute("DELETE FROM stock WHERE sku = 'A'");

    // When
    put("all-or-nothing", 2, "PLACED", "A:3", "B:3");

    // Then
    assertEquals(List.of("B|10|0"), database.stock());
    assertEquals(
        List.of("REJECTED|UNKNOWN_SKU"),
        database.rows("SELECT state, reason FROM order_inventory"));
  }

  @Test
  void partOfOtherStockIsReserved() throws SQLException {
    // Given
    database.execute("DELETE FROM stock WHERE sku = 'A'");

    // When
    put("partial", 2, "PLACED", "B:12");

    // Then
    assertEquals(List.of("B|10|10"), database.stock());
    assertEquals(
        List.of("A|2|0", "B|10|2"),
        database.rows("SELECT sku, reserved, backordered FROM order_inventory_lines ORDER BY 1"));
    put("partial", 3, "CANCELLED");
    assertEquals(List.of("B|10|0"), database.stock());
  }

  @Test
  void restoredStockIsReleasedByTheNextVersion() throws SQLException {
    // Given
    database.execute("DELETE FROM stock WHERE sku = 'A'");
    put("all-or-nothing", 2, "CANCELLED");
    database.execute("INSERT INTO stock (sku, on_hand, reserved) VALUES ('A', 10, 2)");

    // When
    put("all-or-nothing", 3, "CANCELLED");

    // Then
    assertEquals(List.of("A|10|0", "B|10|0"), database.stock());
    assertEquals(List.of(), database.drift());
  }

  /**
   * An order that is partly shipped: its first version as {@code SKU:quantity:shipped}, its second
   * one, its outcome, and B of stock. Goods that have left the warehouse do not come back because
   * another row is lost.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "A:2:0 B:3:2 ~ PLACED A:3:0 B:3:3 ~ REJECTED ~ B|7|3",
        "A:2:1 B:3:2 ~ PLACED A:2:2 B:4:3 ~ REJECTED ~ B|7|3",
        "A:2:1 B:3:2 ~ PLACED A:2:1 B:4:3 ~ RESERVED ~ B|7|4",
        "A:2:0 B:3:2 ~ CANCELLED A:2:0 B:3:2 ~ RELEASED ~ B|8|3",
        "A:2:1 B:3:2 ~ CANCELLED A:2:1 B:3:2 ~ RELEASED ~ B|8|3",
        "A:2:1 B:3:2 ~ PLACED B:3:3 ~ RESERVED ~ B|7|3",
        "A:2:0 B:3:0 ~ CANCELLED A:2:2 B:3:3 ~ REJECTED ~ B|7|3",
        "A:2:0 B:3:0 ~ SHIPPED A:2:2 B:3:3 ~ REJECTED ~ B|7|3",
      })
  void goodsThatWereShippedRemainShipped(String first, String second, String state, String stock)
      throws SQLException {
    // Given
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("order.shipped.field", "shipped");
    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      sink.put(partlyShipped(1, "PLACED " + first));
      database.execute("DELETE FROM stock WHERE sku = 'A'");

      // When
      sink.put(partlyShipped(2, second));
    }

    // Then
    assertEquals(
        List.of(state), database.rows("SELECT state FROM order_inventory WHERE order_id = 2"));
    assertEquals(List.of(stock), database.stock());
    assertEquals(List.of(), database.rows("SELECT * FROM stock_drift WHERE sku = 'B'"));
  }

  @Test
  void shipmentOfLostStockCountsTheOtherGoods() throws SQLException {
    // Given
    database.execute("DELETE FROM stock WHERE sku = 'A'");

    // When: the second time as a replay, then as a correction
    put("all-or-nothing", 2, "SHIPPED", "A:2", "B:3");
    put("all-or-nothing", 2, "SHIPPED", "A:2", "B:3");

    // Then
    assertEquals(List.of("B|7|0"), database.stock());
    assertEquals(
        List.of("REJECTED|UNKNOWN_SKU"),
        database.rows("SELECT state, reason FROM order_inventory"));
    assertEquals(List.of(), database.rows("SELECT * FROM stock_drift WHERE sku = 'B'"));
    put("all-or-nothing", 3, "SHIPPED", "B:2");
    assertEquals(List.of("B|8|0"), database.stock());
  }

  @Test
  void renamedRowCanBeSoldOnlyOnceAndItsReservationsAreShown() throws SQLException {
    // Given: order 1 has reserved two of A
    database.execute("UPDATE stock SET sku = 'C' WHERE sku = 'A'");
    try (RunningSink sink = RunningSink.on(database)) {
      // When: one wants more than is left, another one the rest, and order 1 is shipped as it was
      sink.put(Events.order(3L, 1, "PLACED", "C:9"), Events.order(4L, 1, "PLACED", "C:8"));
      sink.put(Events.order(1L, 2, "SHIPPED", "A:2", "B:3"));

      // Then: what order 1 had reserved of A stays reserved until somebody corrects the row
      assertEquals(
          List.of("1|REJECTED", "3|REJECTED", "4|RESERVED"),
          database.rows("SELECT order_id, state FROM order_inventory ORDER BY 1"));
      assertEquals(List.of("B|7|0", "C|10|10"), database.stock());
      assertEquals(
          List.of("A|null|2", "C|10|8"),
          database.rows("SELECT sku, reserved, reserved_by_orders FROM stock_drift ORDER BY 1"));

      // When
      database.execute("UPDATE stock SET reserved = 8 WHERE sku = 'C'");
      sink.put(Events.order(1L, 3, "SHIPPED", "C:2", "B:3"));

      // Then
      assertEquals(
          List.of("SHIPPED"),
          database.rows("SELECT state FROM order_inventory WHERE order_id = 1"));
      assertEquals(List.of("B|7|0", "C|8|8"), database.stock());
      assertEquals(List.of("A"), database.rows("SELECT sku FROM stock_drift"));
    }
  }

  private static SinkRecord partlyShipped(long version, String order) {
    List<String> words = List.of(order.split(" ", -1));
    List<Map<String, Object>> items = new ArrayList<>();
    for (String item : words.subList(1, words.size())) {
      String[] part = item.split(":", -1);
      items.add(Map.of("sku", part[0], "quantity", part[1], "shipped", part[2]));
    }
    return Events.record(
        "orders", 2L, Map.of("id", 2L, "version", version, "status", words.get(0), "items", items));
  }

  @Test
  void statementsOfTheRunbookRestoreWhatWasReserved() throws SQLException, IOException {
    // Given: another import while one order is open, and one is cancelled thereafter
    try (RunningSink sink = RunningSink.on(database)) {
      sink.put(Events.order(2L, 1, "PLACED", "A:4"));
      database.execute("TRUNCATE stock");
      database.stock("A", 10);
      database.stock("B", 10);
      sink.put(Events.order(1L, 2, "CANCELLED"));

      // When
      database.execute(
          Pattern.compile("## Rows of stock that were.*?```sql warehouse\n(.*?)```", Pattern.DOTALL)
              .matcher(RepositoryFile.read("docs/operations/reloading.md"))
              .results()
              .map(found -> found.group(1))
              .findFirst()
              .orElseThrow());

      // Then
      assertEquals(List.of("A|10|4", "B|10|0"), database.stock());
      assertEquals(List.of(), database.drift());
      sink.put(Events.order(2L, 2, "SHIPPED", "A:4"));
      assertEquals(List.of("A|6|0", "B|10|0"), database.stock());
      assertEquals(List.of(), database.drift());
    }
  }

  @Test
  void receiptIntoADeletedRowIsTakenBackWhereItCan() throws SQLException {
    // Given
    try (RunningSink sink = RunningSink.on(database)) {
      sink.put(Events.inventory(7L, 1, "RECEIVE", "C:5", "B:5"));
      database.execute("DELETE FROM stock WHERE sku = 'C'");

      // When
      sink.put(Events.inventory(7L, 2, "RELEASE"));
    }

    // Then
    assertEquals(List.of("A|10|2", "B|10|3"), database.stock());
  }

  @Test
  void receiptWhoseGoodsAreReservedIsNotTakenBackInPart() throws SQLException {
    // Given
    try (RunningSink sink = RunningSink.on(database)) {
      sink.put(
          Events.inventory(7L, 1, "RECEIVE", "C:5", "B:5"),
          Events.inventory(8L, 1, "RESERVE", "C:1"));

      // When
      sink.put(Events.inventory(7L, 2, "RELEASE"));
    }

    // Then
    assertEquals(List.of("A|10|2", "B|15|3", "C|5|1"), database.stock());
    assertEquals(List.of(), database.drift());
  }

  private void put(String policy, long version, String status, String... items) {
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("reservation.policy", policy);
    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      sink.put(Events.order(1L, version, status, items));
    }
  }
}
