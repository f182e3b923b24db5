package io.orderflow.sink.warehouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.Eventually;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderIdTypesTest {

  private static final String UUID = "3b0f6f6e-6d5f-4d5c-8d55-0b7b3f9d1a10";

  private static final String WAITING =
      "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";

  static Stream<List<Object>> firstRecords() {
    return Stream.of(
        List.of(42L, "bigint"),
        List.of(UUID, "uuid"),
        List.of("SO-42", "text"),
        // As the source writes an order ID of several columns.
        List.of("1:7:a\\:b", "text"));
  }

  @ParameterizedTest
  @MethodSource("firstRecords")
  void tablesAreCreatedForTheOrderIdOfTheFirstRecord(List<Object> first) throws SQLException {
    // Given
    try (WarehouseDatabase database = WarehouseDatabase.empty()) {
      Map<String, String> settings = RunningSink.settings(database);
      settings.put("auto.create", "true");
      try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true));
          RunningSink other = RunningSink.with(settings, new FakeSinkContext(true))) {
        // When
        sink.put(
            Events.inventory(first.get(0), 1, "RECEIVE", "A:3"),
            Events.payment(first.get(0), 1, "PAID"));
        other.put(Events.payment(first.get(0), 2, "REFUNDED"));

        // Then
        assertEquals(
            List.of(first.get(0) + "|" + first.get(1)),
            database.rows("SELECT order_id, pg_typeof(order_id) FROM order_inventory"));
        assertEquals(List.of("REFUNDED"), database.rows("SELECT status FROM payments"));
        assertEquals(List.of(), database.drift());
      }
    }
  }

  @Test
  void tablesThatAnotherTaskMakesMeanwhileRule() throws Exception {
    // Given: tables with text, not yet committed
    try (WarehouseDatabase database = WarehouseDatabase.empty()) {
      database.execute("BEGIN");
      database.execute(
          "SELECT pg_advisory_xact_lock("
              + "hashtext('orderflow.install'), hashtext(current_database()))");
      database.execute(WarehouseDatabase.TABLES.installScript(OrderIdType.TEXT, 0));
      Map<String, String> settings = RunningSink.settings(database);
      settings.put("auto.create", "true");
      try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
        // When: the sink, which would take bigint, has found none, and waits
        CompletableFuture<Void> put =
            CompletableFuture.runAsync(
                () ->
                    sink.put(
                        Events.inventory(42L, 1, "RECEIVE", "A:3"),
                        Events.payment(42L, 1, "PAID")));
        Eventually.until(() -> put.isDone() || !database.rows(WAITING).isEmpty());
        database.execute("COMMIT");
        put.get(30, TimeUnit.SECONDS);

        // Then
        assertEquals(
            List.of("42|text|PAID"),
            database.rows(
                "SELECT order_id, pg_typeof(order_id), status"
                    + " FROM order_inventory JOIN payments USING (order_id)"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"order_inventory", "payments", "order_audit"})
  void tableWithOrderIdsOfAnotherTypeStopsTheTask(String table) throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.BIGINT)) {
      // Given
      database.execute(
          WarehouseDatabase.TABLES.auditScript(WarehouseDatabase.AUDIT, OrderIdType.BIGINT));
      database.execute(
          "DROP VIEW stock_drift, order_inventory_lines, order_inventory_units, order_inventory_expiring, order_audit_lines");
      database.execute("ALTER TABLE " + table + " ALTER order_id TYPE integer");
      Map<String, String> settings = RunningSink.settings(database);
      settings.put("audit", "true");
      try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
        // When
        ConnectException stopped =
            assertThrows(ConnectException.class, () -> sink.put(Events.payment(42L, 1, "PAID")));

        // Then
        assertTrue(String.valueOf(stopped.getMessage()).contains(table), stopped.getMessage());
        assertEquals(List.of(), sink.reported());
      }
    }
  }

  /** IDs as producers write them, and that of the row: a text is kept as it is. */
  @ParameterizedTest
  @CsvSource({
    "UUID, 0190A1B2-C3D4-7E5F-8A6B-7C8D9E0F1A2B, 0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b",
    "UUID, {0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b}, bad",
    "UUID, 0190a1b2c3d47e5f8a6b7c8d9e0f1a2b, bad",
    "TEXT, 0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b, 0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b",
    "TEXT, 0190A1B2-C3D4-7E5F-8A6B-7C8D9E0F1A2B, 0190A1B2-C3D4-7E5F-8A6B-7C8D9E0F1A2B",
    "TEXT, {0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b}, {0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b}",
    "UUID, SO-42, bad",
  })
  void formsOfAnIdAreOneOrderOrABadRecord(OrderIdType type, String written, String stored)
      throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(type);
        RunningSink sink = RunningSink.on(database)) {
      database.stock("A", 5);

      // When
      sink.put(Events.order(written, 1, "PLACED", "A:3"), Events.payment(written, 1, "PAID"));
      sink.put(Events.order(written, 2, "PLACED", "A:2"));

      // Then
      boolean isBad = !sink.reported().isEmpty();
      assertEquals(isBad ? List.of() : List.of(stored + "|2|RESERVED|null"), database.orders());
      assertEquals(stored.equals("bad") ? 3 : 0, sink.reported().size());
      assertEquals(List.of(isBad ? "A|5|0" : "A|5|2"), database.stock());
      assertEquals(List.of(), database.drift());
    }
  }

  @Test
  void smallintIsNoTypeOfOrderIds() throws SQLException {
    try (WarehouseDatabase database = WarehouseDatabase.installed(OrderIdType.INTEGER)) {
      // Given
      database.execute("ALTER TABLE payments ALTER order_id TYPE smallint");
      try (RunningSink sink = RunningSink.on(database)) {
        // When
        ConnectException stopped =
            assertThrows(ConnectException.class, () -> sink.put(Events.payment(42L, 1, "PAID")));

        // Then
        assertTrue(
            String.valueOf(stopped.getMessage()).contains("found int2"), stopped.getMessage());
        assertEquals(List.of(), sink.reported());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(OrderIdType.class)
  void existingTablesRule(OrderIdType type) throws SQLException {
    // Given
    Object id = type == OrderIdType.UUID ? UUID : type == OrderIdType.TEXT ? "SO-42" : 42L;
    try (WarehouseDatabase database = WarehouseDatabase.installed(type);
        RunningSink sink = RunningSink.on(database)) {
      database.stock("A", 5);

      // When
      sink.put(Events.order(id, 1, "PLACED", "A:3"), Events.payment(id, 1, "PAID"));
      sink.put(Events.order(id, 2, "SHIPPED", "A:2"), Events.payment(id, 2, "SETTLED"));
      sink.put(Events.order(id, 3, "CANCELLED", "A:2"));

      // Then
      assertEquals(List.of("A|5|0"), database.stock());
      assertEquals(List.of(id + "|3|RELEASED|null"), database.orders());
      assertEquals(
          List.of(id + "|SETTLED|3"),
          database.rows("SELECT order_id, status, due_version FROM payments"));
      assertEquals(List.of(), sink.reported());
    }
  }
}
