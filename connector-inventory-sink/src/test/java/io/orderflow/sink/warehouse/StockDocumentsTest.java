package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.Eventually;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adjustments, counts, holds and transfers on a real server. */
class StockDocumentsTest {

  private static final String STOCK =
      "SELECT on_hand, reserved, unavailable, available, incoming, shortage FROM stock_units"
          + " WHERE sku = '%s' AND location = '%s'";

  private final List<SinkRecord> sent = new ArrayList<>();
  private WarehouseDatabase database;
  private RunningSink sink;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    database.execute(
        WarehouseDatabase.TABLES.auditScript(WarehouseDatabase.AUDIT, OrderIdType.BIGINT));
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("audit", "true");
    settings.put("inventory.item.location.field", "location");
    sink = RunningSink.with(settings, new FakeSinkContext(true));
    database.stock("A", 10);
    database.execute("INSERT INTO stock (sku, location, on_hand) VALUES ('B', 'berlin', 5)");
  }

  /** Whatever happened: all of it again, in its order, changes nothing. */
  @AfterEach
  void close() throws SQLException {
    List<String> before = contents();
    sink.put(sent);
    assertEquals(before, contents());
    assertEquals(List.of(), sink.reported());
    sink.close();
    assertEquals(List.of(), database.drift());
    database.close();
  }

  private List<String> contents() throws SQLException {
    List<String> contents = database.rows("SELECT s.* FROM stock s ORDER BY sku, location");
    contents.addAll(database.rows("SELECT o.* FROM order_inventory o ORDER BY order_id"));
    return contents;
  }

  private void put(SinkRecord record) {
    sent.add(record);
    sink.put(record);
  }

  private void document(long id, long version, String intent, String reason, String... items) {
    SinkRecord record = Events.inventory(id, version, intent, items);
    value(record).put("reason", reason);
    put(record);
  }

  private void transfer(long id, long version, String intent, String to, String... items) {
    SinkRecord record = Events.inventory(id, version, intent, items);
    value(record).put("to_location", to);
    put(record);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> value(SinkRecord record) {
    return (Map<String, Object>) record.value();
  }

  private void assertStock(String sku, String location, String expected) throws SQLException {
    assertEquals(List.of(expected), database.rows(STOCK.formatted(sku, location)));
  }

  @Test
  void adjustmentMayLeaveLessThanIsReservedAndNothingMoreIsReservedThen() throws SQLException {
    // Given
    put(Events.order(1L, 1, "PLACED", "A:5"));
    put(Events.order(2L, 1, "PLACED", "A:3"));

    // When
    document(100L, 1, "ADJUST", "broken", "A:-5");

    // Then
    assertStock("A", "", "5|8|0|-3|0|3");
    put(Events.order(3L, 1, "PLACED", "A:1"));
    put(Events.order(1L, 2, "SHIPPED", "A:5"));
    put(Events.order(2L, 2, "SHIPPED", "A:3"));
    assertStock("A", "", "0|0|0|0|0|0");
    assertEquals(
        List.of(
            "1|2|SHIPPED|null",
            "2|2|REJECTED|INSUFFICIENT_STOCK",
            "3|1|REJECTED|INSUFFICIENT_STOCK",
            "100|1|ADJUSTED|broken"),
        database.orders());
    assertEquals(
        List.of("ADJUSTED|broken|A|0|-5|0|0"),
        database.rows(
            "SELECT state, reason, sku, reserved, on_hand, unavailable, incoming"
                + " FROM order_audit_lines WHERE order_id = 100"));
  }

  @Test
  void shortageIsWhatIsMissingNowAlsoAfterStockWasChangedByHand() throws SQLException {
    // Given
    put(Events.order(1L, 1, "PLACED", "A:8"));
    document(100L, 1, "ADJUST", "broken", "A:-5");

    // When
    database.execute("UPDATE stock SET on_hand = on_hand + 2, moved_at = now() WHERE sku = 'A'");

    // Then
    assertStock("A", "", "7|8|0|-1|0|1");
  }

  @Test
  void newerVersionReplacesTheDifferenceAndOneThatTakesTooMuchIsRejected() throws SQLException {
    // When, Then
    document(100L, 1, "ADJUST", "found", "A:4", "C:2");
    assertStock("A", "", "14|0|0|14|0|0");
    assertStock("C", "", "2|0|0|2|0|0");
    document(100L, 2, "ADJUST", "counted again", "A:-1");
    assertStock("A", "", "9|0|0|9|0|0");
    assertStock("C", "", "0|0|0|0|0|0");

    // When: more than there is
    document(100L, 3, "ADJUST", "typed badly", "A:-100");

    // Then: what version 2 found stays
    assertStock("A", "", "9|0|0|9|0|0");
    assertEquals(List.of("100|3|REJECTED|INSUFFICIENT_STOCK"), database.orders());

    // When: an older one comes late, then the document is withdrawn
    put(Events.inventory(100L, 2, "ADJUST", "A:8"));
    put(Events.inventory(100L, 4, "RELEASE"));

    // Then
    assertStock("A", "", "10|0|0|10|0|0");
  }

  @Test
  void heldGoodsAreNotSoldUntilTheyAreReleasedOrScrapped() throws SQLException {
    // When
    document(100L, 1, "HOLD", "damaged", "A:4");

    // Then
    assertStock("A", "", "10|0|4|6|0|0");
    put(Events.order(1L, 1, "PLACED", "A:7"));
    put(Events.order(2L, 1, "PLACED", "A:6"));
    put(Events.order(3L, 1, "SHIPPED", "A:1"));
    assertEquals(
        List.of(
            "1|1|REJECTED|INSUFFICIENT_STOCK",
            "2|1|RESERVED|null",
            "3|1|REJECTED|INSUFFICIENT_STOCK",
            "100|1|ON_HOLD|damaged"),
        database.orders());

    // When: one of them was good, the others are scrapped
    document(100L, 2, "HOLD", "damaged", "A:3");
    assertStock("A", "", "10|6|3|1|0|0");
    document(100L, 3, "ADJUST", "scrapped", "A:-3");

    // Then
    assertStock("A", "", "7|6|0|1|0|0");

    // When: reserved goods are damaged
    document(101L, 1, "HOLD", "wet", "A:5");
    assertStock("A", "", "7|6|5|-4|0|4");
    put(Events.inventory(101L, 2, "RELEASE"));

    // Then
    assertStock("A", "", "7|6|0|1|0|0");
  }

  @Test
  void reservationsLeaveSafetyStockAndShipmentsMayUseIt() throws SQLException {
    // Given
    database.execute("UPDATE stock SET safety = 3 WHERE sku = 'A'");

    // When
    put(Events.order(1L, 1, "PLACED", "A:8"));
    put(Events.order(2L, 1, "PLACED", "A:6"));
    put(Events.order(3L, 1, "SHIPPED", "A:3"));
    put(Events.order(4L, 1, "SHIPPED", "A:2"));

    // Then
    assertEquals(
        List.of(
            "1|1|REJECTED|INSUFFICIENT_STOCK",
            "2|1|RESERVED|null",
            "3|1|SHIPPED|null",
            "4|1|REJECTED|INSUFFICIENT_STOCK"),
        database.orders());
    assertStock("A", "", "7|6|0|-2|0|0");

    // When: it is raised, reservations stay and can be shipped
    database.execute("UPDATE stock SET safety = 9 WHERE sku = 'A'");
    put(Events.order(2L, 2, "SHIPPED", "A:6"));

    // Then
    assertStock("A", "", "1|0|0|-8|0|0");
  }

  @Test
  void transferIsVisibleOnItsWayAndConserved() throws SQLException {
    // Given
    String totals = "SELECT on_hand, available, incoming FROM stock_totals WHERE sku = 'B'";

    // When
    transfer(100L, 1, "TRANSFER", "hamburg", "B|berlin:3");

    // Then
    assertStock("B", "berlin", "2|0|0|2|0|0");
    assertStock("B", "hamburg", "0|0|0|0|3|0");
    assertEquals(List.of("2|2|3"), database.rows(totals));

    // When
    transfer(100L, 2, "TRANSFER_RECEIVED", "hamburg", "B|berlin:3");

    // Then
    assertStock("B", "berlin", "2|0|0|2|0|0");
    assertStock("B", "hamburg", "3|0|0|3|0|0");
    assertEquals(List.of("5|5|0"), database.rows(totals));

    // When: one with too much, and one that is cancelled on its way
    transfer(101L, 1, "TRANSFER", "essen", "B|berlin:3");
    transfer(102L, 1, "TRANSFER", "essen", "B|berlin:2");
    assertStock("B", "essen", "0|0|0|0|2|0");
    put(Events.inventory(102L, 2, "RELEASE"));

    // Then
    assertEquals(List.of("5|5|0"), database.rows(totals));
    assertEquals(
        List.of(
            "100|2|TRANSFERRED|null", "101|1|REJECTED|INSUFFICIENT_STOCK", "102|2|RELEASED|null"),
        database.orders());
    assertEquals(
        List.of("100|B|berlin|-3|0", "100|B|hamburg|3|0"),
        database.rows(
            "SELECT order_id, sku, location, on_hand_delta, incoming FROM order_inventory_lines"));
  }

  @Test
  void goodsThatHaveArrivedMayLeaveLessThanIsReservedThoughTheirTransferWasRejected()
      throws SQLException {
    // Given
    put(Events.inventory(1L, 1, "RESERVE", "B|berlin:4"));
    transfer(100L, 1, "TRANSFER", "hamburg", "B|berlin:3");
    assertStock("B", "berlin", "5|4|0|1|0|0");

    // When
    transfer(100L, 2, "TRANSFER_RECEIVED", "hamburg", "B|berlin:3");

    // Then
    assertStock("B", "berlin", "2|4|0|-2|0|2");
    assertStock("B", "hamburg", "3|0|0|3|0|0");
    assertEquals(List.of("1|1|RESERVED|null", "100|2|TRANSFERRED|null"), database.orders());

    // When: a piece was lost on the way
    document(101L, 1, "ADJUST", "lost on the way", "B|hamburg:-1");

    // Then
    assertStock("B", "hamburg", "2|0|0|2|0|0");
  }

  @Test
  void countReplacesWhatIsOnHandUnlessGoodsWereMovedAfterIt() throws SQLException {
    // Given: reserving moves nothing
    String before = now();
    put(Events.order(1L, 1, "PLACED", "A:4"));

    // When
    count(100L, 1, now(), "A:7", "C:2");

    // Then
    assertStock("A", "", "7|4|0|3|0|0");
    assertStock("C", "", "2|0|0|2|0|0");

    // When: an older count comes late, one of the same time is corrected
    count(101L, 1, before, "A:9");
    String counted = now();
    count(100L, 2, counted, "A:6", "C:0");

    // Then
    assertStock("A", "", "6|4|0|2|0|0");
    assertStock("C", "", "0|0|0|0|0|0");
    count(100L, 3, counted, "A:5", "C:0");
    assertStock("A", "", "5|4|0|1|0|0");

    // When: goods are shipped after a count that comes late
    put(Events.order(1L, 2, "SHIPPED", "A:4"));
    count(102L, 1, counted, "A:5");
    count(103L, 1, now(), "A:0");

    // Then
    assertStock("A", "", "0|0|0|0|0|0");
    assertEquals(
        List.of(
            "1|2|SHIPPED|null",
            "100|3|COUNTED|null",
            "101|1|REJECTED|STALE_COUNT",
            "102|1|REJECTED|STALE_COUNT",
            "103|1|COUNTED|null"),
        database.orders());
  }

  @Test
  void countByAClockThatIsAheadIsAsOfItsRecord() throws SQLException {
    // Given
    SinkRecord count = Events.producedNow(Events.inventory(100L, 1, "COUNT", "A:9"));
    value(count).put("counted_at", Instant.now().plus(Duration.ofMinutes(4)).toString());

    // When: goods are shipped before the count is applied
    put(Events.order(1L, 1, "PLACED", "A:3"));
    put(Events.order(1L, 2, "SHIPPED", "A:3"));
    put(count);

    // Then
    assertStock("A", "", "7|0|0|7|0|0");
    assertEquals(List.of("1|2|SHIPPED|null", "100|1|REJECTED|STALE_COUNT"), database.orders());
  }

  @Test
  void countThatFindsWhatIsThereMakesOlderOnesStale() throws SQLException {
    // Given
    String before = now();

    // When
    count(100L, 1, now(), "A:10");
    count(101L, 1, before, "A:3");

    // Then
    assertStock("A", "", "10|0|0|10|0|0");
    assertEquals(List.of("100|1|COUNTED|null", "101|1|REJECTED|STALE_COUNT"), database.orders());
  }

  @ParameterizedTest
  @CsvSource({
    "'on_hand = on_hand - 3, moved_at = greatest(moved_at, now())', 7, COUNTED|null",
    "moved_at = clock_timestamp(), 9, REJECTED|STALE_COUNT"
  })
  void countThatAMovementOvertakesIsPlannedAgain(String movement, long onHand, String outcome)
      throws Exception {
    // Given: goods move in a transaction that has begun before the last known movement
    try (Connection other = DriverManager.getConnection(database.url(), "postgres", "postgres");
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT now()");
      put(Events.order(1L, 1, "SHIPPED", "A:1"));
      String counted = now();
      statement.execute("UPDATE stock SET %s WHERE sku = 'A'".formatted(movement));

      // When: the count has read what was on hand before
      CompletableFuture<Void> count =
          CompletableFuture.runAsync(() -> count(100L, 1, counted, "A:7"));
      Eventually.until(
          () ->
              database
                  .rows(
                      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                          + " AND wait_event_type = 'Lock'")
                  .equals(List.of("1")));
      other.commit();
      count.join();
    }

    // Then
    assertStock("A", "", "%1$d|0|0|%1$d|0|0".formatted(onHand));
    assertEquals(List.of("1|1|SHIPPED|null", "100|1|" + outcome), database.orders());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void movementsThatCancelOutInABatchMakeOlderCountsStale(boolean counts) throws SQLException {
    // Given: 3 pieces come, or are found, and leave in the same batch
    SinkRecord found =
        Events.producedNow(
            Events.inventory(100L, 1, counts ? "COUNT" : "RECEIVE", counts ? "A:13" : "A:3"));
    value(found).put("counted_at", now());
    String between = now();
    List<SinkRecord> batch = List.of(found, Events.order(1L, 1, "SHIPPED", "A:3"));
    sent.addAll(batch);

    // When
    sink.put(batch);
    count(101L, 1, between, "A:13");

    // Then
    assertStock("A", "", "10|0|0|10|0|0");
    assertEquals(
        List.of(
            "1|1|SHIPPED|null",
            counts ? "100|1|COUNTED|null" : "100|1|RECEIVED|null",
            "101|1|REJECTED|STALE_COUNT"),
        database.orders());
  }

  @Test
  void countAndMovementsThatConfirmAShortageChangeNothing() throws SQLException {
    // Given
    put(Events.order(1L, 1, "PLACED", "A:8"));
    document(100L, 1, "ADJUST", "broken", "A:-5");

    // When
    count(101L, 1, now(), "A:5");
    putTogether(
        Events.inventory(102L, 1, "RECEIVE", "A:5"), Events.inventory(103L, 1, "ADJUST", "A:-5"));

    // Then
    assertStock("A", "", "5|8|0|-3|0|3");
    assertEquals(
        List.of("101|1|COUNTED|null", "102|1|RECEIVED|null", "103|1|ADJUSTED|null"),
        database.orders().subList(2, 5));
  }

  @Test
  void countAndMovementsThatConfirmLessThanTheSafetyStockChangeNothing() throws SQLException {
    // Given
    database.execute("UPDATE stock SET safety = 12 WHERE sku = 'A'");

    // When
    count(101L, 1, now(), "A:10");
    putTogether(Events.inventory(102L, 1, "RECEIVE", "A:5"), Events.order(1L, 1, "SHIPPED", "A:5"));

    // Then
    assertStock("A", "", "10|0|0|-2|0|0");
    assertEquals(
        List.of("1|1|SHIPPED|null", "101|1|COUNTED|null", "102|1|RECEIVED|null"),
        database.orders());
  }

  private void putTogether(SinkRecord... batch) {
    sent.addAll(List.of(batch));
    sink.put(List.of(batch));
  }

  @Test
  void shipmentOfReservedGoodsThatAreHeldKeepsItsReservation() throws SQLException {
    // Given
    put(Events.order(1L, 1, "PLACED", "A:10"));
    document(100L, 1, "HOLD", "wet", "A:5");

    // When
    put(Events.order(1L, 2, "SHIPPED", "A:10"));

    // Then: what has left is not sold again
    assertStock("A", "", "10|10|5|-5|0|5");
    assertEquals(
        List.of("1|2|REJECTED|INSUFFICIENT_STOCK", "100|1|ON_HOLD|wet"), database.orders());

    // When: they were good
    put(Events.inventory(100L, 2, "RELEASE"));
    put(Events.order(1L, 3, "SHIPPED", "A:10"));

    // Then
    assertStock("A", "", "0|0|0|0|0|0");
  }

  private String now() throws SQLException {
    return database.rows("SELECT to_json(clock_timestamp()) #>> '{}'").get(0);
  }

  private void count(long id, long version, String at, String... items) {
    SinkRecord record = Events.inventory(id, version, "COUNT", items);
    value(record).put("counted_at", at);
    put(Events.producedNow(record));
  }

  @Test
  void tableWithTheStricterConstraintRefusesOnlyWhatItForbids() throws SQLException {
    // Given
    database.execute(
        "ALTER TABLE stock DROP CONSTRAINT stock_check, ADD CHECK (0 <= reserved AND reserved <="
            + " on_hand)");
    put(Events.order(1L, 1, "PLACED", "A:8"));

    // When
    sink.put(Events.inventory(100L, 1, "ADJUST", "A:-5"));
    document(101L, 1, "ADJUST", "broken", "A:-2");

    // Then
    assertEquals(1, sink.reported().size());
    assertStock("A", "", "8|8|0|0|0|0");
    sink.close();
    sink = RunningSink.on(database);
    sent.clear();
  }
}
