package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders as real shops keep them: statuses in several fields, progress per item, services. */
class RealOrdersTest {

  private WarehouseDatabase database;
  private Map<String, String> settings = new HashMap<>();
  private RunningSink sink;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    database.execute(
        WarehouseDatabase.TABLES.auditScript(WarehouseDatabase.AUDIT, OrderIdType.BIGINT));
    database.stock("A", 100);
    database.stock("B", 100);
    settings = RunningSink.settings(database);
    settings.put("audit", "true");
    settings.put("order.status.field", "state,shipment_state");
    settings.put("status.reserve", "complete,3,true");
    settings.put("status.ship", "shipped");
    settings.put("status.release", "canceled,(null)");
    settings.put("status.return", "returned");
    settings.put("status.keep", "edited,(empty)");
    settings.put("order.sku.field", "sku,variant_id");
    settings.put("order.shipped.field", "shipped");
    settings.put("order.returned.field", "returned");
    settings.put("order.item.status.field", "item_state");
    settings.put("items.skip", "without-sku,without-quantity");
    settings.put("quantity.default", "1");
    settings.put("unknown.sku.policy", "ignore");
    sink = RunningSink.with(settings, new FakeSinkContext(true));
  }

  @AfterEach
  void close() throws SQLException {
    sink.close();
    assertEquals(List.of(), database.drift());
    database.close();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "complete, -, RESERVED",
        "complete, shipped, RESERVED",
        "'3 ', shipped, RESERVED",
        "'  ', shipped, KEPT",
        "open, shipped, SHIPPED",
        "3, shipped, RESERVED",
        "true, -, RESERVED",
        "-, shipped, RELEASED",
        "'', shipped, KEPT",
        "open, '', KEPT",
        "open, -, RELEASED",
        "open, canceled, RELEASED"
      })
  void firstFieldWhoseStatusHasAnIntentDecides(String state, String shipmentState, String outcome)
      throws SQLException {
    // When
    sink.put(order(1, 1, statuses(state, shipmentState), List.of(item("A", 2L))));

    // Then
    assertEquals(List.of("1|1|" + outcome + "|null"), database.orders());
    assertEquals(List.of(), sink.reported());
  }

  @Test
  void statusThatNoFieldMapsIsABadRecordWithAllOfThem() {
    // When
    sink.put(order(1, 1, statuses("open", "waiting"), List.of(item("A", 2L))));

    // Then
    String message = String.valueOf(sink.reported().get(0).cause().getMessage());
    assertEquals(
        "state: expected a status that has an intent, found state open, shipment_state"
            + " waiting",
        message.substring(0, message.indexOf(" (orders-0@")));
  }

  /** A shop may take pieces back by an item of its own, whose quantities are all negative. */
  @Test
  void itemWhoseQuantityAndProgressAreNegativeIsSkipped() throws SQLException {
    // When
    sink.put(
        order(
            1,
            1,
            statuses("complete", "-"),
            List.of(item("A", 2L), Map.of("sku", "A", "quantity", -1L, "shipped", -1L))));

    // Then
    assertEquals(List.of("1|1|RESERVED|null"), database.orders());
    assertEquals(List.of("A|100|2", "B|100|0"), database.stock());
    assertEquals(List.of(), sink.reported());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void editedOrderKeepsWhatItHas(boolean inOneBatch) throws SQLException {
    // Given
    List<SinkRecord> history =
        List.of(
            order(1, 1, statuses("complete", "-"), List.of(item("A", 2L))),
            order(2, 1, statuses("complete", "-"), List.of(item("B", 101L))),
            order(1, 2, statuses("edited", "-"), List.of(item("A", 9L))),
            order(2, 2, statuses("edited", "-"), List.of(item("B", 1L))),
            order(1, 3, statuses("edited", "-"), List.of(item("B", 9L))),
            order(3, 1, statuses("edited", "-"), List.of(item("B", 9L))));

    // When
    if (inOneBatch) {
      sink.put(history);
    } else {
      history.forEach(sink::put);
    }
    sink.put(history);

    // Then
    assertEquals(
        List.of("1|3|RESERVED|null", "2|2|REJECTED|INSUFFICIENT_STOCK", "3|1|KEPT|null"),
        database.orders());
    assertEquals(List.of("A|100|2", "B|100|0"), database.stock());
    assertEquals(
        List.of("A|2"),
        database.rows(
            "SELECT sku, sum(r) FROM order_audit, unnest(skus, reserved) AS u (sku, r) GROUP BY 1"));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // state, item state, quantity, shipped, returned, expected on hand and reserved
        "complete, -, 5, -, -, 100, 5",
        "complete, -, 5, 2, -, 98, 3",
        "complete, -, 5, 2, 1, 99, 3",
        "complete, -, 5, 7, -, 93, 0",
        "complete, -, -, 0, -, 100, 1",
        "shipped, -, 5, -, -, 95, 0",
        "shipped, -, 5, 3, -, 97, 0",
        "shipped, -, 5, 3, 3, 100, 0",
        "returned, -, 5, 3, -, 100, 0",
        "returned, -, 5, -, -, 100, 0",
        "returned, -, 5, -, 2, 97, 0",
        "canceled, -, 5, 2, -, 98, 0",
        "canceled, -, -, -, -, 100, 0",
        "canceled, -, -, -, 2, 100, 0",
        "complete, shipped, 5, -, -, 95, 0",
        "complete, canceled, 5, -, -, 100, 0",
        "canceled, complete, 5, -, -, 100, 0",
        "shipped, complete, 5, -, -, 95, 0",
        "canceled, shipped, 5, -, -, 95, 0",
        "complete, edited, 5, -, -, 100, 5",
        "complete, -, 0, 2, -, 98, 0",
        "complete, -, -1, -, -, 100, 0"
      })
  void itemMovesExactlyWhatMoved(
      String state,
      String itemState,
      String quantity,
      String shipped,
      String returned,
      long onHand,
      long reserved)
      throws SQLException {
    // Given
    sink.put(order(1, 1, statuses("complete", "-"), List.of(item("A", 5L))));
    Map<String, Object> item = new HashMap<>();
    item.put("sku", "A");
    item.put("quantity", quantity);
    item.put("shipped", shipped);
    item.put("returned", returned);
    item.put("item_state", itemState);

    // When
    sink.put(order(1, 2, statuses(state, "-"), List.of(item)));

    // Then
    assertEquals(List.of("A|" + onHand + "|" + reserved, "B|100|0"), database.stock());
    assertEquals(List.of(), sink.reported());
  }

  @Test
  void itemCannotReturnMoreThanWasShipped() {
    // When
    sink.put(
        order(
            1,
            1,
            statuses("complete", "-"),
            List.of(Map.of("sku", "A", "quantity", 5, "shipped", 1, "returned", 2))));

    // Then
    String message = String.valueOf(sink.reported().get(0).cause().getMessage());
    assertEquals(
        "items[0].returned: expected at most the shipped quantity, found more",
        message.substring(0, message.indexOf(" (orders-0@")));
  }

  @Test
  void whatHasBeenShippedStaysShippedIfTheRestDoesNotFit() throws SQLException {
    // When
    sink.put(
        order(
            1,
            1,
            statuses("complete", "-"),
            List.of(Map.of("sku", "A", "quantity", 500, "shipped", 60))));

    // Then
    assertEquals(List.of("1|1|REJECTED|INSUFFICIENT_STOCK"), database.orders());
    assertEquals(List.of("A|40|0", "B|100|0"), database.stock());
  }

  @Test
  void itemsWithoutSkuOrQuantityAreLeftOut() throws SQLException {
    // When
    sink.put(
        order(
            1,
            1,
            statuses("complete", "-"),
            List.of(
                item("A", 2L),
                Map.of("name", "Gift wrapping", "quantity", 1),
                Map.of("sku", "", "variant_id", "B", "quantity", "3.00"),
                Map.of("sku", "A", "quantity", 0),
                Map.of("sku", "B", "quantity", -2))));

    // Then
    assertEquals(List.of("A|100|2", "B|100|3"), database.stock());
    assertEquals(List.of(), sink.reported());
  }

  @Test
  void serviceIsIgnoredUntilItIsStocked() throws SQLException {
    // When
    sink.put(order(1, 1, statuses("complete", "-"), List.of(item("A", 2L), item("assembly", 1L))));

    // Then
    assertEquals(List.of("1|1|RESERVED|null"), database.orders());
    assertEquals(List.of("A|100|2", "B|100|0"), database.stock());

    // When
    database.stock("assembly", 3);
    sink.put(order(1, 2, statuses("complete", "-"), List.of(item("A", 2L), item("assembly", 1L))));

    // Then
    assertEquals(List.of("A|100|2", "B|100|0", "assembly|3|1"), database.stock());
  }

  /** The reference is SQL over the last version of each order, as the shop has it. */
  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "3, 0", "4, 0", "5, 3", "6, 3", "7, 3", "8, 1"})
  void stockIsWhatTheShopsLastVersionsSay(long seed, int scale) throws SQLException {
    // Given
    Random random = new Random(seed);
    long steps = BigDecimal.ONE.movePointRight(scale).longValueExact();
    reopen(scale);
    database.execute("UPDATE stock SET on_hand = 1000000000");
    database.execute(
        "CREATE TABLE IF NOT EXISTS shop (id bigint, version bigint, state text, sku text, quantity"
            + " numeric, shipped numeric, returned numeric)");
    List<SinkRecord> history = new ArrayList<>();
    for (long version = 1; version <= 40; version++) {
      long id = random.nextInt(5);
      String state = any(random, "complete", "shipped", "canceled", "returned");
      List<Map<String, Object>> items = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        long quantity = random.nextLong(6 * steps);
        Long shipped = random.nextBoolean() ? null : (Long) random.nextLong(quantity + 2);
        Long returned =
            shipped == null || random.nextBoolean() ? null : (Long) random.nextLong(shipped + 1);
        String sku = any(random, "A", "B", "service", "");
        Map<String, Object> item = new HashMap<>();
        item.put("sku", sku);
        item.put("quantity", sent(quantity, scale, random));
        item.put("shipped", sent(shipped, scale, random));
        item.put("returned", sent(returned, scale, random));
        items.add(item);
        database.execute(
            "INSERT INTO shop VALUES (%d, %d, '%s', '%s', %s, %s, %s)"
                .formatted(
                    id,
                    version,
                    state,
                    sku,
                    decimal(quantity, scale),
                    decimal(shipped, scale),
                    decimal(returned, scale)));
      }
      database.execute(
          "INSERT INTO shop VALUES (%d, %d, '%s', 'none', 0, 0, 0)".formatted(id, version, state));
      history.add(order(id, version, statuses(state, "-"), items));
    }

    // When
    sink.put(history.subList(0, 25));
    List<SinkRecord> late = new ArrayList<>(history.subList(10, 40));
    Collections.shuffle(late, random);
    late.forEach(sink::put);
    sink.put(history);

    // Then
    assertEquals(
        database.rows(
            """
            WITH latest AS (
              SELECT s.*, coalesce(shipped, CASE state WHEN 'shipped' THEN quantity ELSE 0 END) AS out
                FROM shop s
                JOIN (SELECT id, max(version) AS version FROM shop GROUP BY id) m USING (id, version)
            ), moved AS (
              SELECT sku, out - coalesce(returned, CASE state WHEN 'returned' THEN out ELSE 0 END) AS away,
                     CASE state WHEN 'complete' THEN greatest(0, quantity - out) ELSE 0 END AS reserved
                FROM latest
            )
            SELECT s.sku, trim_scale(s.on_hand - s.moved - coalesce(sum(away), 0)),
                   trim_scale(coalesce(sum(m.reserved), 0))
              FROM stock_units s LEFT JOIN moved m USING (sku)
             GROUP BY s.sku, s.on_hand, s.moved ORDER BY 1"""),
        database.rows(
            "SELECT sku, trim_scale(on_hand), trim_scale(reserved) FROM stock_units ORDER BY 1"));
    assertEquals(List.of(), sink.reported());
  }

  /** The same warehouse, while it is empty, for quantities with decimals. */
  private void reopen(int scale) throws SQLException {
    sink.close();
    database.execute("CREATE OR REPLACE VIEW stock_scale AS " + StockScale.row(scale));
    settings.put("quantity.scale", Integer.toString(scale));
    sink = RunningSink.with(settings, new FakeSinkContext(true));
  }

  private static @Nullable BigDecimal decimal(@Nullable Long steps, int scale) {
    return steps == null ? null : BigDecimal.valueOf(steps, scale);
  }

  /** As text, as a decimal, or as JSON numbers arrive. */
  private static @Nullable Object sent(@Nullable Long steps, int scale, Random random) {
    BigDecimal decimal = decimal(steps, scale);
    if (decimal == null) {
      return null;
    }
    return switch (random.nextInt(3)) {
      case 0 -> decimal;
      case 1 -> decimal.toPlainString();
      default -> scale == 0 ? steps : (Object) decimal.doubleValue();
    };
  }

  private static String any(Random random, String... values) {
    return values[random.nextInt(values.length)];
  }

  private static Map<String, Object> statuses(String state, String shipmentState) {
    Map<String, Object> statuses = new HashMap<>();
    statuses.put("state", parsed(state));
    statuses.put("shipment_state", "-".equals(shipmentState) ? null : shipmentState);
    return statuses;
  }

  /** Some shops send statuses as numbers or as booleans. */
  private static Object parsed(String state) {
    return "3".equals(state) ? Integer.valueOf(3) : "true".equals(state) ? true : state;
  }

  private static Map<String, Object> item(String sku, long quantity) {
    return Map.of("sku", sku, "quantity", quantity);
  }

  private static SinkRecord order(
      long id, long version, Map<String, Object> statuses, List<Map<String, Object>> items) {
    Map<String, Object> value = new HashMap<>(statuses);
    value.put("id", id);
    value.put("version", version);
    value.put("items", items);
    return Events.record("orders", id, value);
  }
}
