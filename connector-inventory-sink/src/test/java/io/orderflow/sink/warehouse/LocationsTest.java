package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.InventorySinkConnector;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocationsTest {

  private static final String LINES =
      "SELECT order_id, sku, location, reserved, on_hand_delta, backordered"
          + " FROM order_inventory_lines ORDER BY 1, 2, 3";

  private static final Map<String, String> NAMED =
      Map.of(
          "order.item.location.field",
          "location",
          "order.location.field",
          "warehouse.code",
          "inventory.item.location.field",
          "location");

  private WarehouseDatabase database;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    database.execute(
        """
        INSERT INTO stock (sku, location, on_hand)
        VALUES ('A', 'berlin', 5), ('A', 'hamburg', 3), ('B', 'hamburg', 9), ('B', 'essen', 4)""");
  }

  @AfterEach
  void close() throws SQLException {
    assertEquals(List.of(), database.drift());
    database.close();
  }

  @Test
  void locationOfTheItemAppliesThenThatOfTheOrderThenNone() throws SQLException {
    // Given
    database.stock("A", 7);

    // When
    try (RunningSink sink = sink(NAMED)) {
      sink.put(order(1, 1, "essen", "A|berlin:2", "B:1"), order(2, 1, null, "A:4"));
      sink.put(Events.inventory(3L, 1, "RECEIVE", "C|essen:6", "C:2"));
      assertEquals(List.of(), sink.reported());
    }

    // Then
    assertEquals(
        List.of(
            "1|A|berlin|2|0|0", "1|B|essen|1|0|0", "2|A||4|0|0", "3|C||0|2|0", "3|C|essen|0|6|0"),
        database.rows(LINES));
    assertEquals(
        List.of("{A,B}|{berlin,essen}", "{A}|null", "{C,C}|{\"\",essen}"),
        database.rows("SELECT skus, locations FROM order_inventory ORDER BY order_id"));
    assertEquals(
        List.of("A|3|15|6|9", "B|2|13|1|12", "C|2|8|0|8"),
        database.rows(
            "SELECT sku, locations, on_hand, reserved, available FROM stock_totals ORDER BY sku"));
    assertEquals(
        List.of("A||3", "A|berlin|3", "A|hamburg|3"),
        database.rows(
            "SELECT sku, location, available FROM stock_units WHERE sku = 'A' ORDER BY 2"));
  }

  /** Two of A and of B; then six of A; then all is shipped. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "fixed ~ hamburg,berlin ~ none ~ A@hamburg:2 B@hamburg:2 ~ REJECTED",
        "priority ~ berlin,hamburg ~ none ~ A@hamburg:2 B@hamburg:2 ~ REJECTED",
        "priority ~ berlin,essen ~ lines ~ A@berlin:2 B@essen:2 ~ REJECTED",
        "priority ~ berlin,hamburg ~ quantities ~ A@hamburg:2 B@hamburg:2"
            + " ~ A@berlin:3 A@hamburg:3 B@hamburg:2",
        "most-stock ~ '' ~ lines ~ A@hamburg:2 B@hamburg:2 ~ REJECTED",
        "most-stock ~ berlin,essen ~ quantities ~ A@berlin:2 B@essen:2 ~ REJECTED"
      })
  void policyChoosesALocation(
      String policy, String locations, String split, String first, String second)
      throws SQLException {
    try (RunningSink sink =
        sink(Map.of("location.policy", policy, "locations", locations, "location.split", split))) {
      // When
      sink.put(Events.order(1L, 1, "PLACED", "A:2", "B:2"));

      // Then
      assertEquals(first, reserved());

      // When
      sink.put(Events.order(1L, 2, "PLACED", "A:6", "B:2"));

      // Then
      if (second.equals("REJECTED")) {
        assertEquals(List.of("1|2|REJECTED|INSUFFICIENT_STOCK"), database.orders());
        assertEquals("", reserved());
        return;
      }
      assertEquals(second, reserved());

      // When
      sink.put(Events.order(1L, 3, "SHIPPED", "A:6", "B:2"));

      // Then
      assertEquals(
          List.of("1|A|berlin|0|-3|0", "1|A|hamburg|0|-3|0", "1|B|hamburg|0|-2|0"),
          database.rows(LINES));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "fixed ~ hamburg,berlin ~ none ~ A:2 ~ A@hamburg:2",
        "priority ~ berlin,hamburg ~ none ~ A:2 ~ A@berlin:2",
        "priority ~ hamburg,berlin ~ none ~ A:2 ~ A@hamburg:2",
        "priority ~ essen,hamburg ~ lines ~ B:2 ~ B@essen:2",
        "most-stock ~ hamburg,berlin ~ none ~ A:2 ~ A@berlin:2",
        "most-stock ~ '' ~ lines ~ B:2 ~ B@hamburg:2"
      })
  void policyPrefersALocationOfSeveral(
      String policy, String locations, String split, String items, String expected)
      throws SQLException {
    try (RunningSink sink =
        sink(Map.of("location.policy", policy, "locations", locations, "location.split", split))) {
      // When
      sink.put(Events.order(1L, 1, "PLACED", items));

      // Then
      assertEquals(expected, reserved());
    }
  }

  @Test
  void orderStaysWhereItIsAfterItsLocationIsUnlisted() throws SQLException {
    // Given
    try (RunningSink sink = sink(Map.of("location.policy", "priority", "locations", "berlin"))) {
      sink.put(Events.order(1L, 1, "PLACED", "A:2"));
    }

    // When
    try (RunningSink sink = sink(Map.of("location.policy", "priority", "locations", "hamburg"))) {
      sink.put(Events.order(1L, 2, "PLACED", "A:2"));
      assertEquals("A@berlin:2", reserved());
      sink.put(Events.order(1L, 3, "PLACED", "A:3"));
    }

    // Then
    assertEquals("A@berlin:3", reserved());
  }

  @Test
  void goodsWithoutALocationAreReceivedAtTheFirst() throws SQLException {
    // When
    try (RunningSink sink =
        sink(Map.of("location.policy", "priority", "locations", "berlin,hamburg"))) {
      sink.put(Events.inventory(1L, 1, "RECEIVE", "C:5"), Events.order(2L, 1, "PLACED", "C:2"));
    }

    // Then
    assertEquals(List.of("1|C|berlin|0|5|0", "2|C|berlin|2|0|0"), database.rows(LINES));
  }

  @Test
  void partOfAnOrderIsReservedWhereMostOfItIs() throws SQLException {
    // When
    try (RunningSink sink =
        sink(
            Map.of(
                "location.policy",
                "priority",
                "locations",
                "hamburg,berlin",
                "location.split",
                "lines",
                "reservation.policy",
                "partial"))) {
      sink.put(Events.order(1L, 1, "PLACED", "A:8"));
    }

    // Then
    assertEquals(List.of("1|A|berlin|5|0|3"), database.rows(LINES));
  }

  @Test
  void skuIsUnknownIfNoLocationThatMayBeChosenHasIt() throws SQLException {
    // When
    try (RunningSink sink =
        sink(Map.of("location.policy", "priority", "locations", "berlin,bremen"))) {
      sink.put(Events.order(1L, 1, "PLACED", "B:1"), Events.order(2L, 1, "PLACED", "A:9"));
    }

    // Then
    assertEquals(
        List.of("1|1|REJECTED|UNKNOWN_SKU", "2|1|REJECTED|INSUFFICIENT_STOCK"), database.orders());
  }

  @Test
  void locationThatIsTooLongMakesABadRecord() throws SQLException {
    try (RunningSink sink = sink(NAMED)) {
      sink.put(
          Events.order(1L, 1, "PLACED", "A|" + "x".repeat(127) + ":1"),
          Events.order(2L, 1, "PLACED", "A|" + "x".repeat(126) + ":1"));
      assertEquals(1, sink.reported().size());
    }
    assertEquals(List.of("2|1|REJECTED|UNKNOWN_SKU"), database.orders());
  }

  /** The settings, and a part of the finding. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "none ~ berlin ~ no location is chosen",
        "fixed ~ '' ~ needs a location",
        "priority ~ '' ~ needs a location",
        "most-stock ~ berlin,berlin ~ names a location twice"
      })
  void locationsThatContradictThePolicyAreFound(String policy, String locations, String finding) {
    Map<String, String> settings = new HashMap<>(RunningSink.settings(database));
    settings.put("location.policy", policy);
    settings.put("locations", locations);
    String found =
        new InventorySinkConnector()
            .validate(settings).configValues().stream()
                .flatMap(value -> value.errorMessages().stream())
                .toList()
                .toString();
    assertTrue(found.contains(finding), found);
  }

  private String reserved() throws SQLException {
    return String.join(
        " ",
        database.rows(
            "SELECT format('%s@%s:%s', sku, location, reserved) FROM order_inventory_lines"
                + " WHERE reserved > 0 ORDER BY 1"));
  }

  private static SinkRecord order(
      long id, long version, @Nullable String warehouse, String... items) {
    SinkRecord record = Events.order(id, version, "PLACED", items);
    @SuppressWarnings("unchecked")
    Map<String, Object> value = (Map<String, Object>) record.value();
    if (warehouse != null) {
      value.put("warehouse", Map.of("code", warehouse));
    }
    return record;
  }

  private RunningSink sink(Map<String, String> changed) {
    Map<String, String> settings = new HashMap<>(RunningSink.settings(database));
    settings.putAll(changed);
    return RunningSink.with(settings, new FakeSinkContext(true));
  }
}
