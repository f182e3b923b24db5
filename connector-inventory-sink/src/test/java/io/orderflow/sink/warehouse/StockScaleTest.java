package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.InventorySinkConnector;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Quantities with decimals, in tables that count their smallest step. */
class StockScaleTest {

  private static final String ON_HAND_AND_RESERVED =
      "SELECT sku, on_hand, reserved, available, moved FROM stock_units ORDER BY 1";

  private static final String LINES =
      "SELECT order_id, sku, reserved, on_hand_delta, backordered FROM order_inventory_lines"
          + " ORDER BY 1, 2";

  @Test
  void viewsShowUnitsAndTablesCountSteps() throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT, 3);
        RunningSink sink = running(database, Map.of("reservation.policy", "partial"))) {
      // When
      sink.put(received("rope", "10.5"), received("cheese", "0.300"));
      sink.put(
          order(1, "PENDING", "rope", "1.25", "cheese", "0.125"),
          order(2, "SHIPPED", "rope", "0.001"),
          order(3, "PENDING", "cheese", "0.500"),
          order(4, "PENDING", "rope", "1.2505"));

      // Then
      assertEquals(List.of("cheese|300|300", "rope|10499|1250"), database.stock());
      assertEquals(
          List.of("cheese|0.300|0.300|0.000|0.300", "rope|10.499|1.250|9.249|10.499"),
          database.rows(ON_HAND_AND_RESERVED));
      assertEquals(
          List.of(
              "1|cheese|0.125|0.000|0.000",
              "1|rope|1.250|0.000|0.000",
              "2|rope|0.000|-0.001|0.000",
              "3|cheese|0.175|0.000|0.325",
              "100|rope|0.000|10.500|0.000",
              "101|cheese|0.000|0.300|0.000"),
          database.rows(LINES));
      assertEquals(1, sink.reported().size());
      assertEquals(List.of(), database.drift());

      // When
      database.execute("UPDATE stock SET moved = moved + 1 WHERE sku = 'rope'");

      // Then
      assertEquals(
          List.of("rope||10.499|1.250|1.250|10.500|10.499|0.000|0.000|0.000|0.000"),
          database.drift());
    }
  }

  @Test
  void outcomesAndTheAuditTrailAreShownInUnits() throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.empty();
        RunningSink sink =
            running(
                database,
                Map.of("audit", "true", "auto.create", "true", "reservation.policy", "partial"))) {
      // When
      sink.put(received("rope", "10.5"), received("cheese", "0.3"));
      sink.put(
          order(1, "PENDING", "rope", "1.25", "cheese", "0.5"), order(2, "PENDING", "wine", "1"));
      sink.put(order(1, 2, "SHIPPED", "rope", "1.25"));

      // Then
      assertEquals(
          List.of(
              "1|SHIPPED|null|{rope}|{0.000}|{-1.250}|null",
              "2|REJECTED|UNKNOWN_SKU|{}|{}|{}|null",
              "100|RECEIVED|null|{rope}|{0.000}|{10.500}|null",
              "101|RECEIVED|null|{cheese}|{0.000}|{0.300}|null"),
          database.rows(
              "SELECT order_id, state, reason, skus, reserved, on_hand_delta, backordered"
                  + " FROM order_inventory_units ORDER BY order_id"));
      assertEquals(
          List.of(
              "1|1|PARTIALLY_RESERVED|cheese|0.300|0.000",
              "1|1|PARTIALLY_RESERVED|rope|1.250|0.000",
              "1|2|SHIPPED|cheese|-0.300|0.000",
              "1|2|SHIPPED|rope|-1.250|-1.250",
              "2|1|REJECTED|null|null|null",
              "100|1|RECEIVED|rope|0.000|10.500",
              "101|1|RECEIVED|cheese|0.000|0.300"),
          database.rows(
              "SELECT order_id, version, state, sku, reserved, on_hand FROM order_audit_lines"
                  + " WHERE kind = 'inventory' ORDER BY order_id, version, sku"));
    }
  }

  @Test
  void missingTablesAreCreatedForTheScaleOfTheSettings() throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.empty();
        RunningSink sink = running(database, Map.of("auto.create", "true"))) {
      sink.put(received("rope", "10.5"));
      assertEquals(List.of("rope|10.500|0.000|10.500|10.500"), database.rows(ON_HAND_AND_RESERVED));
    }
  }

  @Test
  void tablesOfAnotherScaleAreRefused() throws SQLException {
    for (int scale : List.of(0, 2, 6)) {
      try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT, scale);
          RunningSink sink = running(database, Map.of())) {
        // When
        String failure =
            String.valueOf(
                assertThrows(ConnectException.class, () -> sink.put(received("rope", "10.5")))
                    .getMessage());

        // Then
        assertTrue(
            failure.startsWith(
                ("quantity.scale is 3, but the tables count with %d decimals (view"
                        + " public.stock_scale). Set quantity.scale=%1$d")
                    .formatted(scale)),
            failure);
        assertEquals(List.of(failure), findings(database).get("quantity.scale"));
        assertEquals(List.of(), database.stock());
      }
    }
  }

  /** What the findings say is run, whatever the tables hold; then the connector continues. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "DROP VIEW stock_scale CASCADE",
        "DROP VIEW stock_drift, stock_totals, stock_units; ALTER TABLE stock ALTER on_hand TYPE integer",
        "DROP VIEW stock_drift, stock_totals, stock_units; ALTER TABLE stock ALTER on_hand TYPE numeric,"
            + " ALTER reserved TYPE numeric, ALTER moved TYPE numeric",
        "DROP VIEW stock_drift, stock_totals, stock_units; ALTER TABLE stock ALTER on_hand TYPE float8,"
            + " ALTER reserved TYPE numeric(20, 6)",
        "DROP TABLE payments"
      })
  void stockIsConvertedByTheSqlOfTheFinding(String change) throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT)) {
      // Given
      database.execute(
          WarehouseDatabase.TABLES.auditScript(WarehouseDatabase.AUDIT, OrderIdType.BIGINT));
      try (RunningSink sink =
          running(
              database,
              Map.of("quantity.scale", "0", "audit", "true", "reservation.policy", "partial"))) {
        sink.put(received("rope", "10"), received("cheese", "3"));
        sink.put(
            order(1, "PENDING", "rope", "2", "cheese", "2"),
            order(2, "SHIPPED", "rope", "1"),
            order(3, "PENDING", "cheese", "4"));
      }
      database.execute(change);

      // When
      String finding = finding(database, "quantity.scale");
      database.execute(finding.substring(finding.indexOf("BEGIN;")));
      fix(database);

      // Then
      assertEquals(
          List.of("cheese|3.000|3.000|0.000|3.000", "rope|9.000|2.000|7.000|9.000"),
          database.rows(ON_HAND_AND_RESERVED));
      assertEquals(
          List.of("cheese|3000|3000", "rope|9000|2000"),
          database.rows(
              "SELECT sku, sum(h), sum(r) FROM order_audit, unnest(skus, on_hand, reserved) AS u (sku, h, r)"
                  + " GROUP BY 1 ORDER BY 1"));
      assertEquals(
          List.of(
              "1|cheese|2.000|0.000|0.000",
              "1|rope|2.000|0.000|0.000",
              "2|rope|0.000|-1.000|0.000",
              "3|cheese|1.000|0.000|3.000",
              "100|rope|0.000|10.000|0.000",
              "101|cheese|0.000|3.000|0.000"),
          database.rows(LINES));
      try (RunningSink sink = running(database, Map.of())) {
        sink.put(order(4, "PENDING", "rope", "0.125"));
        assertEquals(
            List.of("cheese|3.000|3.000|0.000|3.000", "rope|9.000|2.125|6.875|9.000"),
            database.rows(ON_HAND_AND_RESERVED));
        assertEquals(List.of(), database.drift());
      }
    }
  }

  /** The connector was not stopped, although the finding says so. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void conversionBesideARunningTaskStopsIt(boolean hadView) throws SQLException {
    for (SinkRecord record :
        List.of(
            order(1, 2, "SHIPPED", "rope", "2"),
            order(3, 1, "PENDING", "rope", "3"),
            received("cheese", "3"))) {
      try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT);
          RunningSink sink = running(database, Map.of("quantity.scale", "0"))) {
        // Given
        if (!hadView) {
          database.execute("DROP VIEW stock_scale CASCADE");
        }
        sink.put(received("rope", "10"), order(1, 1, "PENDING", "rope", "2"));

        // When
        List<String> next = database.rows("SELECT revision + 1 FROM order_inventory ORDER BY 1");
        String finding = finding(database, "quantity.scale");
        database.execute(finding.substring(finding.indexOf("BEGIN;")));

        // Then: a batch that has read an order before cannot claim it any more
        assertEquals(next, database.rows("SELECT revision FROM order_inventory ORDER BY 1"));
        ConnectException stopped = assertThrows(ConnectException.class, () -> sink.put(record));
        assertTrue(
            String.valueOf(stopped.getMessage())
                .startsWith("quantity.scale is 0, but the tables count with 3 decimals"),
            stopped.getMessage());
        assertEquals(List.of("rope|10000|2000"), database.stock());
        assertEquals(List.of(), sink.reported());
        assertEquals(List.of(), database.drift());
      }
    }
  }

  /** A table of the shop's own with decimals is converted exactly, or not at all. */
  @Test
  void ownTableOfDecimalsIsConvertedOrRefused() throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.empty()) {
      // Given
      database.execute(
          "CREATE TABLE stock (sku text PRIMARY KEY, on_hand numeric NOT NULL DEFAULT 0, reserved"
              + " numeric NOT NULL DEFAULT 0, moved numeric NOT NULL DEFAULT 0);"
              + " INSERT INTO stock VALUES ('rope', 1.2505)");

      // When
      String sql = conversion(database);

      // Then
      SQLException fraction = assertThrows(SQLException.class, () -> database.execute(sql));
      assertEquals("22P02", fraction.getSQLState());
      database.execute("ROLLBACK");
      assertEquals(List.of("rope|1.2505|0"), database.stock());

      // When
      database.execute("UPDATE stock SET on_hand = 1.25");
      database.execute(conversion(database));
      fix(database);

      // Then
      assertEquals(List.of("rope|1250|0"), database.stock());
    }
  }

  /** The scale is right already, a column is not. */
  @Test
  void columnOfDecimalsIsConvertedExactlyOrNotAtAll() throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT, 3)) {
      // Given
      database.execute(
          "DROP VIEW stock_drift, stock_totals, stock_units; ALTER TABLE stock ALTER on_hand TYPE numeric;"
              + " INSERT INTO stock (sku, on_hand) VALUES ('rope', 1.25)");

      // When
      String finding = finding(database, "table.stock");
      fix(database);

      // Then
      assertTrue(finding.contains("raise quantity.scale"), finding);
      assertEquals(List.of("rope|1250|0"), database.stock());
    }
  }

  @Test
  void viewWithoutPrivilegesIsFoundWithItsGrant() throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT, 3)) {
      String role = "role_of_" + database.name();
      database.execute(
          "CREATE ROLE %1$s LOGIN PASSWORD 'postgres'; GRANT SELECT, INSERT, UPDATE ON stock,"
              .concat(
                  " order_inventory, payments TO %1$s; REVOKE SELECT ON stock_scale FROM PUBLIC")
              .formatted(role));
      try {
        // When
        String finding = finding(database, "quantity.scale", Map.of("database.user", role));
        database.execute(finding.substring(finding.indexOf("GRANT")));

        // Then
        assertEquals(Map.of(), findings(database, Map.of("database.user", role)));
      } finally {
        database.execute("DROP OWNED BY %1$s; DROP ROLE %1$s".formatted(role));
      }
    }
  }

  @Test
  void defaultQuantityWithMoreDecimalsIsFound() throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT, 3)) {
      assertEquals(
          Map.of(
              "quantity.default",
              List.of(
                  "\"0.0005\" is no quantity; set a number of more than 0 with at most 3"
                      + " decimals, or raise quantity.scale")),
          findings(database, Map.of("quantity.default", "0.0005")));
      assertEquals(Map.of(), findings(database, Map.of("quantity.default", "0.5")));
    }
  }

  private static String conversion(WarehouseDatabase database) {
    String finding = finding(database, "quantity.scale", Map.of("auto.create", "true"));
    return finding.substring(finding.indexOf("BEGIN;"));
  }

  /** Runs the SQL of the findings until there are none. */
  private static void fix(WarehouseDatabase database) throws SQLException {
    for (int i = 0; i < 5; i++) {
      for (List<String> errors : findings(database).values()) {
        String error = errors.get(0);
        for (String start : List.of("Run: ", "order IDs):")) {
          int at = error.indexOf(start);
          if (at >= 0) {
            database.execute(error.substring(at + start.length()));
          }
        }
      }
    }
    assertEquals(Map.of(), findings(database));
  }

  private static String finding(WarehouseDatabase database, String key) {
    return finding(database, key, Map.of());
  }

  private static String finding(WarehouseDatabase database, String key, Map<String, String> more) {
    return findings(database, more).getOrDefault(key, List.of("no finding")).get(0);
  }

  private static Map<String, List<String>> findings(WarehouseDatabase database) {
    return findings(database, Map.of());
  }

  private static Map<String, List<String>> findings(
      WarehouseDatabase database, Map<String, String> more) {
    Map<String, List<String>> findings = new TreeMap<>();
    for (ConfigValue value :
        new InventorySinkConnector().validate(settings(database, more)).configValues()) {
      if (!value.errorMessages().isEmpty()) {
        findings.put(value.name(), value.errorMessages());
      }
    }
    return findings;
  }

  private static Map<String, String> settings(
      WarehouseDatabase database, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(RunningSink.settings(database));
    settings.put("quantity.scale", "3");
    settings.put("audit", Boolean.toString(hasAudit(database)));
    settings.putAll(more);
    return settings;
  }

  private static boolean hasAudit(WarehouseDatabase database) {
    try {
      return database.rows("SELECT to_regclass('order_audit')").contains("order_audit");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static RunningSink running(WarehouseDatabase database, Map<String, String> more) {
    return RunningSink.with(settings(database, more), new FakeSinkContext(true));
  }

  private static SinkRecord received(String sku, String quantity) {
    return Events.record(
        "inventory",
        sku.equals("rope") ? 100L : 101L,
        Map.of("version", 1, "intent", "RECEIVE", "items", List.of(item(sku, quantity))));
  }

  private static SinkRecord order(long id, String status, String... skusAndQuantities) {
    return order(id, 1, status, skusAndQuantities);
  }

  private static SinkRecord order(
      long id, int version, String status, String... skusAndQuantities) {
    Map<String, Object> value =
        new HashMap<>(Map.of("id", id, "version", version, "status", status));
    List<Map<String, Object>> items = new ArrayList<>();
    for (int i = 0; i < skusAndQuantities.length; i += 2) {
      items.add(item(skusAndQuantities[i], skusAndQuantities[i + 1]));
    }
    value.put("items", items);
    return Events.record("orders", id, value);
  }

  private static Map<String, Object> item(String sku, String quantity) {
    return Map.of("sku", sku, "quantity", quantity);
  }
}
