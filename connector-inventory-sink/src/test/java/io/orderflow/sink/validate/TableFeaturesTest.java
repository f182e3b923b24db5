package io.orderflow.sink.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.InventorySinkConnector;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.FakeSinkContext;
import io.orderflow.sink.fixture.RunningSink;
import io.orderflow.sink.fixture.WarehouseDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tables with features that the shipped SQL does not use: the sink works with them, or the check
 * names SQL after which it does.
 */
class TableFeaturesTest {

  private WarehouseDatabase database;

  @BeforeEach
  void open() throws SQLException {
    database = WarehouseDatabase.installed(OrderIdType.BIGINT);
    database.stock("A", 10);
    database.execute(
        """
        DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN PASSWORD 'clerk';
        GRANT SELECT, INSERT, UPDATE ON stock, order_inventory, payments TO clerk""");
  }

  @AfterEach
  void close() throws SQLException {
    database.execute("DROP OWNED BY clerk; DROP ROLE clerk");
    database.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE RULE keep AS ON UPDATE TO payments DO INSTEAD NOTHING",
        "CREATE RULE keep AS ON INSERT TO order_inventory DO INSTEAD NOTHING",
        "ALTER TABLE payments DROP CONSTRAINT payments_pkey,"
            + " ADD PRIMARY KEY (order_id) DEFERRABLE INITIALLY DEFERRED",
        "ALTER TABLE payments DROP CONSTRAINT payments_pkey, ADD COLUMN id serial PRIMARY KEY",
        "ALTER TABLE payments DROP CONSTRAINT payments_pkey,"
            + " ADD PRIMARY KEY (order_id) INCLUDE (status)",
        "ALTER TABLE payments ALTER order_id ADD GENERATED ALWAYS AS IDENTITY",
        "ALTER TABLE payments DROP provider,"
            + " ADD provider text GENERATED ALWAYS AS (upper(reference)) STORED",
        "DROP VIEW stock_drift, order_inventory_lines;"
            + " ALTER TABLE order_inventory ALTER reserved TYPE integer[],"
            + " ALTER on_hand_delta TYPE integer[], ALTER order_id TYPE numeric",
        "DROP VIEW stock_drift; ALTER TABLE stock ALTER moved TYPE integer",
        "ALTER TABLE payments ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE stock ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE order_inventory ENABLE ROW LEVEL SECURITY;"
            + " CREATE POLICY everybody ON order_inventory USING (true)"
      })
  void sinkWorksAfterTheSqlOfTheFindings(String change) throws SQLException {
    // Given
    database.execute(change);

    // When: one finding may hide another
    for (int i = 0; i < 5; i++) {
      for (String finding : findings()) {
        assertTrue(finding.contains("Run: "), finding);
        String sql = finding.substring(finding.indexOf("Run: ") + 5);
        database.execute(sql.substring(0, sql.lastIndexOf(';')));
      }
    }

    // Then
    assertEquals(List.of(), findings());
    try (RunningSink sink = RunningSink.with(settings(), new FakeSinkContext(true))) {
      for (long version = 1; version <= 3; version++) {
        sink.put(
            Events.order(1L, version, version == 3 ? "SHIPPED" : "PLACED", "A:2"),
            Events.payment(1L, version, "PAID"),
            Events.order(1L + version, 1, "PLACED", "A:1"));
      }
      assertEquals(List.of(), sink.reported());
    }
    assertEquals(List.of("A|8|3"), database.stock());
    assertEquals(List.of("4"), database.rows("SELECT count(*) FROM payments"));
    assertEquals(List.of(), database.drift());
  }

  @Test
  void viewIsNoTable() throws SQLException {
    database.execute(
        """
        ALTER TABLE payments RENAME TO all_payments;
        CREATE VIEW payments AS SELECT * FROM all_payments;
        GRANT SELECT, INSERT, UPDATE ON payments TO clerk""");
    assertTrue(
        findings().contains("table public.payments is a view: set the setting to a table."),
        () -> findings().toString());
  }

  @Test
  void tablesOfAnotherOwnerCannotBeCompleted() throws SQLException {
    database.execute("DROP TABLE payments; GRANT CREATE ON SCHEMA public TO clerk");
    Map<String, String> settings = settings();
    settings.put("auto.create", "true");
    assertTrue(
        findings(settings).stream()
            .anyMatch(finding -> finding.contains("role clerk does not own public.stock")),
        () -> findings(settings).toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 6})
  void tasksNeedOneConnectionLessThanTheRoleMayHave(int limit) throws SQLException {
    // Given
    database.execute("ALTER ROLE clerk CONNECTION LIMIT " + limit);
    Map<String, String> settings = settings();
    settings.put("tasks.max", "3");
    settings.put("apply.concurrency", "2");

    // Then
    assertEquals(
        List.of(
            ("the tasks open 6 connections (tasks.max times apply.concurrency), and role clerk allows"
                    + " %d. It must allow one more than the tasks open, or they wait for each other."
                    + " Lower one of the settings, or run: ALTER ROLE clerk CONNECTION LIMIT 7;")
                .formatted(limit)),
        findings(settings));
    database.execute("ALTER ROLE clerk CONNECTION LIMIT 7");
    assertEquals(List.of(), findings(settings));
  }

  private Map<String, String> settings() {
    Map<String, String> settings = RunningSink.settings(database);
    settings.put("database.user", "clerk");
    settings.put("database.password", "clerk");
    return settings;
  }

  private List<String> findings() {
    return findings(settings());
  }

  private static List<String> findings(Map<String, String> settings) {
    return new InventorySinkConnector()
        .validate(settings).configValues().stream()
            .flatMap(value -> value.errorMessages().stream())
            .toList();
  }
}
