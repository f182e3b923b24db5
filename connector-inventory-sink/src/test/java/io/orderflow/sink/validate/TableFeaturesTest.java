package io.orderflow.sink.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        "DROP VIEW stock_drift, stock_units; ALTER TABLE stock ALTER moved TYPE integer",
        "DROP VIEW stock_scale CASCADE; ALTER TABLE stock ALTER moved TYPE numeric",
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

  /** Policies, separated from what {@code validate} says: nothing, the SQL, or what to look at. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "CREATE POLICY p ON payments FOR SELECT USING (true) ~ INSERT, UPDATE",
        "CREATE POLICY p ON payments FOR INSERT WITH CHECK (true) ~ SELECT, UPDATE",
        "CREATE POLICY p ON payments FOR SELECT USING (true);"
            + " CREATE POLICY q ON payments FOR INSERT WITH CHECK (true) ~ UPDATE",
        "CREATE POLICY p ON payments FOR SELECT USING (true);"
            + " CREATE POLICY q ON payments FOR UPDATE USING (true) ~ INSERT",
        "CREATE POLICY p ON payments FOR UPDATE USING (true);"
            + " CREATE POLICY q ON payments FOR INSERT WITH CHECK (true) ~ SELECT",
        "CREATE POLICY p ON payments FOR SELECT USING (true);"
            + " CREATE POLICY q ON payments FOR INSERT WITH CHECK (true);"
            + " CREATE POLICY r ON payments FOR UPDATE USING (true) ~ works",
        "CREATE POLICY p ON payments ~ SELECT, INSERT, UPDATE",
        "CREATE POLICY p ON payments WITH CHECK (true) ~ SELECT, UPDATE",
        "CREATE POLICY p ON payments USING (true) WITH CHECK (false) ~ INSERT, UPDATE",
        "CREATE POLICY p ON payments USING (order_id > 0) ~ works",
        "CREATE POLICY p ON payments TO postgres USING (true) ~ SELECT, INSERT, UPDATE",
        "CREATE POLICY p ON payments TO clerk USING (true) ~ works",
        "GRANT pg_monitor TO clerk;"
            + " CREATE POLICY p ON payments TO pg_monitor USING (true) ~ works",
        "CREATE POLICY p ON payments AS RESTRICTIVE USING (true) ~ SELECT, INSERT, UPDATE",
        "CREATE POLICY p ON payments USING (true);"
            + " CREATE POLICY q ON payments AS RESTRICTIVE TO clerk USING (order_id > 0) ~ works",
        "CREATE POLICY p ON payments USING (true);"
            + " CREATE POLICY q ON payments AS RESTRICTIVE TO clerk USING (false) ~ forbids",
        "CREATE POLICY orderflow ON payments FOR SELECT USING (true) ~ INSERT, UPDATE",
        "CREATE POLICY p ON stock FOR SELECT USING (true) ~ INSERT, UPDATE",
        "CREATE POLICY p ON order_inventory FOR SELECT USING (true);"
            + " CREATE POLICY q ON order_inventory FOR INSERT WITH CHECK (true) ~ UPDATE",
        "ALTER ROLE clerk BYPASSRLS; COMMENT ON TABLE payments IS '' ~ works",
        "ALTER TABLE payments OWNER TO clerk ~ works",
        "ALTER TABLE payments OWNER TO clerk; ALTER TABLE payments FORCE ROW LEVEL SECURITY"
            + " ~ SELECT, INSERT, UPDATE"
      })
  void validationAgreesWithThePoliciesOfATable(String policies, String expected)
      throws SQLException {
    // Given
    String table =
        policies.contains(" stock ")
            ? "stock"
            : policies.contains("order_inventory") ? "order_inventory" : "payments";
    database.execute("ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY; " + policies);

    // Then
    List<String> findings = findings();
    if (expected.equals("works")) {
      assertEquals(List.of(), findings);
      assertTrue(worksForEveryCommand(), "does not work");
    } else if (expected.equals("forbids")) {
      assertTrue(findings.toString().contains("the restrictive policy q"), findings::toString);
      assertFalse(worksForEveryCommand(), "works");
    } else {
      assertTrue(findings.toString().contains("use " + expected + ". Run"), findings::toString);
      assertFalse(worksForEveryCommand(), "works");
      database.execute("TRUNCATE payments, order_inventory; UPDATE stock SET reserved = 0");
      String sql = findings.get(0).substring(findings.get(0).indexOf("Run: ") + 5);
      database.execute(sql);
      assertEquals(List.of(), findings());
      assertTrue(worksForEveryCommand(), "does not work after " + sql);
    }
  }

  private boolean worksForEveryCommand() throws SQLException {
    Map<String, String> settings = settings();
    settings.put("retry.backoff.ms", "1");
    settings.put("retry.backoff.max.ms", "5");
    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      sink.put(Events.order(1L, 1, "PLACED", "A:1"), Events.inventory(2L, 1, "RECEIVE", "NEW:1"));
      sink.put(Events.payment(1L, 1, "OPEN"), Events.payment(3L, 1, "OPEN"));
      sink.put(Events.order(1L, 2, "PLACED", "A:2"), Events.payment(1L, 2, "PAID"));
      return sink.reported().isEmpty()
          && database.rows("SELECT version FROM payments WHERE order_id = 1").equals(List.of("2"))
          && database.rows("SELECT reserved FROM stock WHERE sku = 'A'").equals(List.of("2"));
    } catch (ConnectException stopped) {
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "CREATE SEQUENCE n; ALTER TABLE payments ADD id bigint DEFAULT nextval('n') ~ USAGE",
        "CREATE SEQUENCE n; GRANT UPDATE ON SEQUENCE n TO clerk;"
            + " ALTER TABLE payments ADD id bigint DEFAULT nextval('n') ~ works",
        "CREATE SCHEMA s; CREATE SEQUENCE s.\"N o\";"
            + " ALTER TABLE payments ADD id text DEFAULT 'P' || nextval('s.\"N o\"') ~ USAGE",
        "ALTER TABLE payments ADD id serial ~ USAGE",
        "ALTER TABLE payments ADD id int GENERATED BY DEFAULT AS IDENTITY ~ works",
        "CREATE SEQUENCE n; ALTER TABLE payments ALTER order_id SET DEFAULT nextval('n') ~ works"
      })
  void sequencesOfDefaultsAreFound(String change, String expected) throws SQLException {
    // Given
    database.execute(change);

    // Then
    List<String> findings = findings();
    boolean works = expected.equals("works");
    assertEquals(works, findings.isEmpty(), findings::toString);
    assertEquals(works, worksForEveryCommand());
    if (!works) {
      database.execute(findings.get(0).substring(findings.get(0).indexOf("Run: ") + 5));
      assertEquals(List.of(), findings());
    }
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
