package io.orderflow.sink.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.sink.InventorySinkConnector;
import io.orderflow.sink.fixture.Events;
import io.orderflow.sink.fixture.Eventually;
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

  private static final String TRIGGER_FUNCTION =
      "CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN ";

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
        "DROP VIEW stock_drift, order_inventory_lines, order_inventory_units, order_inventory_expiring;"
            + " ALTER TABLE order_inventory ALTER reserved TYPE integer[],"
            + " ALTER on_hand_delta TYPE integer[], ALTER order_id TYPE numeric",
        "DROP VIEW stock_drift, stock_totals, stock_units; ALTER TABLE stock ALTER moved TYPE integer",
        "DROP VIEW stock_scale CASCADE; ALTER TABLE stock ALTER moved TYPE numeric",
        "DROP VIEW stock_drift, order_inventory_lines, order_inventory_units, order_inventory_expiring;"
            + " ALTER TABLE order_inventory ALTER order_id TYPE char(10);"
            + " ALTER TABLE payments ALTER order_id TYPE char(10)",
        "CREATE DOMAIN sku AS text CHECK (length(value) < 20); CREATE DOMAIN id AS bigint;"
            + " CREATE DOMAIN positive AS id CHECK (value > 0); DROP VIEW stock_drift, stock_totals, stock_units,"
            + " order_inventory_lines, order_inventory_units, order_inventory_expiring;"
            + " ALTER TABLE stock ALTER sku TYPE sku;"
            + " ALTER TABLE order_inventory ALTER order_id TYPE positive;"
            + " ALTER TABLE payments ALTER order_id TYPE positive;"
            + " CREATE VIEW stock_drift AS SELECT 1 WHERE false",
        "ALTER TABLE payments DROP CONSTRAINT payments_pkey, ADD PRIMARY KEY (order_id, version)",
        "CREATE TABLE old_payments () INHERITS (payments); CREATE TABLE more (LIKE stock"
            + " INCLUDING CONSTRAINTS INCLUDING DEFAULTS);"
            + " ALTER TABLE more INHERIT stock; INSERT INTO more VALUES ('A', '', 9, 0, 0)",
        "ALTER TABLE payments SET UNLOGGED; ALTER TABLE order_inventory SET UNLOGGED",
        "ALTER TABLE order_inventory RENAME TO o; CREATE TABLE order_inventory (LIKE o INCLUDING DEFAULTS,"
            + " PRIMARY KEY (order_id)) PARTITION BY HASH (order_id); CREATE UNLOGGED TABLE o0"
            + " PARTITION OF order_inventory FOR VALUES WITH (modulus 2, remainder 0); CREATE TABLE o1"
            + " PARTITION OF order_inventory FOR VALUES WITH (modulus 2, remainder 1);"
            + " GRANT SELECT, INSERT, UPDATE ON order_inventory TO clerk; DROP TABLE o CASCADE;"
            + " CREATE VIEW stock_drift AS SELECT 1 WHERE false",
        "ALTER TABLE payments ADD shop text NOT NULL; ALTER TABLE order_inventory ADD shop text NOT NULL",
        "ALTER TABLE order_inventory ALTER reason SET NOT NULL, ALTER backordered SET NOT NULL;"
            + " ALTER TABLE payments ALTER due SET NOT NULL, ALTER status SET NOT NULL",
        "ALTER TABLE stock ALTER on_hand SET DEFAULT 5, ALTER reserved DROP DEFAULT",
        "REVOKE INSERT, UPDATE ON payments FROM clerk; GRANT INSERT (order_id, version), UPDATE"
            + " (version) ON payments TO clerk",
        "REVOKE INSERT ON order_inventory FROM clerk; GRANT INSERT (order_id, version, state, reason,"
            + " skus, locations, reserved, on_hand_delta, backordered, unavailable, incoming,"
            + " expires_at) ON order_inventory TO clerk",
        "CREATE ROLE clerks; GRANT USAGE ON SCHEMA public TO clerks;"
            + " REVOKE USAGE ON SCHEMA public FROM public; DROP OWNED BY clerks; DROP ROLE clerks",
        "DROP VIEW stock_scale CASCADE; ALTER TABLE stock DROP location, ADD PRIMARY KEY (sku);"
            + " ALTER TABLE order_inventory DROP locations, DROP expires_at",
        "DROP VIEW stock_drift, stock_totals, stock_units, order_inventory_lines,"
            + " order_inventory_units, order_inventory_expiring; CREATE VIEW stock_units AS SELECT sku, on_hand FROM stock;"
            + " ALTER TABLE stock DROP location, ADD PRIMARY KEY (sku);"
            + " ALTER TABLE order_inventory DROP locations, DROP expires_at, DROP revision",
        "DROP VIEW stock_scale CASCADE; ALTER TABLE stock DROP unavailable, DROP safety, DROP oversell, DROP incoming,"
            + " DROP shortage, DROP moved_at, ADD CHECK (0 <= reserved AND reserved <= on_hand);"
            + " ALTER TABLE order_inventory DROP unavailable, DROP incoming",
        "ALTER TABLE stock ADD UNIQUE (sku)",
        "ALTER TABLE stock DROP CONSTRAINT stock_pkey; CREATE UNIQUE INDEX ON stock (sku)",
        "ALTER TABLE payments ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE stock ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE order_inventory ENABLE ROW LEVEL SECURITY;"
            + " CREATE POLICY everybody ON order_inventory USING (true)"
      })
  void sinkWorksAfterTheSqlOfTheFindings(String change) throws SQLException {
    // Given
    database.execute(change);

    // When
    runFixes(settings());

    // Then
    assertEquals(List.of(), findings());
    try (RunningSink sink = RunningSink.with(settings(), new FakeSinkContext(true))) {
      sink.put(Events.payment(1L, 0, "OPEN"), Events.inventory(9L, 1, "RECEIVE", "NEW:1"));
      for (long version = 1; version <= 3; version++) {
        sink.put(
            Events.order(1L, version, version == 3 ? "SHIPPED" : "PLACED", "A:2"),
            Events.payment(1L, version, "PAID"),
            Events.order(1L + version, 1, "PLACED", "A:1"));
      }
      sink.put(Events.inventory(8L, 1, "ADJUST", "A:-6"));
      assertEquals(List.of(), sink.reported());
    }
    assertEquals(List.of("A|2|3", "NEW|1|0"), database.stock());
    assertEquals(List.of("1"), database.rows("SELECT shortage FROM stock WHERE sku = 'A'"));
    assertEquals(List.of("4"), database.rows("SELECT count(*) FROM payments"));
    assertEquals(List.of(), database.drift());
  }

  /** The same for payments that have IDs of their own, and for the audit trail. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ALTER TABLE order_payments ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE order_payments ENABLE ROW LEVEL SECURITY;"
            + " CREATE POLICY a ON order_payments FOR SELECT USING (true);"
            + " CREATE POLICY b ON order_payments FOR INSERT WITH CHECK (true)",
        "ALTER TABLE payment_totals ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE payment_totals ENABLE ROW LEVEL SECURITY;"
            + " CREATE POLICY a ON payment_totals FOR UPDATE USING (true)",
        "ALTER TABLE order_audit ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE payment_totals DROP CONSTRAINT payment_totals_pkey, ADD PRIMARY KEY (order_id)",
        "CREATE UNIQUE INDEX per_order ON payment_totals (order_id)",
        "ALTER TABLE order_audit DROP CONSTRAINT order_audit_pkey,"
            + " ADD PRIMARY KEY (order_id, kind, version, month)",
        "DROP VIEW order_audit_lines; ALTER TABLE order_audit DROP COLUMN payment_id,"
            + " ADD PRIMARY KEY (order_id, kind, version, month)",
        "ALTER TABLE order_audit ADD UNIQUE (order_id, kind, month) DEFERRABLE",
        "ALTER TABLE order_audit ALTER state SET NOT NULL",
        "ALTER TABLE order_audit ALTER locations SET NOT NULL",
        "DROP VIEW order_audit_lines; ALTER TABLE order_audit DROP unavailable, DROP incoming",
        "REVOKE EXECUTE ON FUNCTION order_audit_months() FROM PUBLIC",
        "DROP FUNCTION order_audit_months()",
        "CREATE TABLE more () INHERITS (order_payments)",
        TRIGGER_FUNCTION
            + "UPDATE ONLY public.\"payment_totals\" t SET refunded = 0, paid = paid + 1; RETURN NULL; END $$;"
            + " CREATE TRIGGER change AFTER INSERT OR UPDATE ON order_payments FOR EACH ROW EXECUTE FUNCTION change()",
        TRIGGER_FUNCTION
            + "UPDATE payment_totals AS t SET updated_at = greatest(now(), (SELECT min(updated_at) FROM order_payments)),"
            + " (paid, refunded) = (1, 2) WHERE currency = 'EUR'; RETURN NULL; END $$;"
            + " CREATE TRIGGER change AFTER INSERT ON order_payments EXECUTE FUNCTION change()",
        TRIGGER_FUNCTION
            + "INSERT INTO payment_totals SELECT -order_id, currency, paid, 0 FROM payment_totals"
            + " ON CONFLICT DO NOTHING; RETURN NULL; END $$; CREATE TRIGGER change AFTER UPDATE ON payment_totals"
            + " EXECUTE FUNCTION change()",
        "ALTER TABLE order_payments SET UNLOGGED; ALTER TABLE payment_totals SET UNLOGGED",
      })
  void paymentsAndTrailWorkAfterTheSqlOfTheFindings(String change) throws SQLException {
    // Given
    database.execute(
        WarehouseDatabase.WITH_PAYMENT_IDS.orderPaymentsScript(OrderIdType.BIGINT)
            + WarehouseDatabase.TABLES.auditScript(WarehouseDatabase.AUDIT, OrderIdType.BIGINT)
            + "; GRANT SELECT, INSERT, UPDATE ON order_payments, payment_totals TO clerk;"
            + " GRANT SELECT, INSERT ON order_audit TO clerk;"
            + change);
    Map<String, String> settings = settings();
    settings.put("payment.id.field", "id");
    settings.put("audit", "true");

    // When
    runFixes(settings);

    // Then
    assertEquals(List.of(), findings(settings));
    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      for (long version = 1; version <= 2; version++) {
        sink.put(
            Events.payment("a", version, 1L, "PAID", version + ".00", "EUR"),
            Events.payment("b", version, 1L, "PAID", "5.00", "EUR"),
            Events.payment("c", version, 1L, "PAID", "7.00", "USD"),
            Events.order(1L, version, "PLACED", "A:1"));
      }
      assertEquals(List.of(), sink.reported());
    }
    assertEquals(
        List.of("EUR|7.00", "USD|7.00"),
        database.rows("SELECT currency, paid FROM payment_totals ORDER BY 1"));
    assertEquals(
        List.of("due|2", "inventory|2", "payment|6"),
        database.rows("SELECT kind, count(*) FROM order_audit GROUP BY 1 ORDER BY 1"));
  }

  /** The same for orders that wait. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "REVOKE ALL ON order_backorders, order_backorders_due FROM clerk",
        "REVOKE DELETE ON order_backorders, order_backorders_due FROM clerk",
        "DROP INDEX order_backorders_place; DROP INDEX order_backorders_lacking;"
            + " DROP INDEX order_backorders_due_sku",
        "DROP INDEX order_backorders_lacking;"
            + " CREATE INDEX ON order_backorders (sku, location, lacking)",
        "DROP VIEW order_backorders_units; ALTER TABLE order_backorders DROP place, DROP waiting_since",
        "DROP VIEW order_backorders_units; ALTER TABLE order_backorders ALTER place DROP IDENTITY,"
            + " ALTER lacking TYPE integer",
        "ALTER TABLE order_backorders_due ALTER id DROP IDENTITY",
        "ALTER TABLE order_backorders DROP CONSTRAINT order_backorders_pkey, ADD UNIQUE (order_id)",
        "ALTER TABLE order_backorders ENABLE ROW LEVEL SECURITY;"
            + " ALTER TABLE order_backorders_due ENABLE ROW LEVEL SECURITY",
      })
  void backordersWorkAfterTheSqlOfTheFindings(String change) throws SQLException {
    // Given
    database.execute(
        WarehouseDatabase.WITH_BACKORDERS.backordersScript(OrderIdType.BIGINT)
            + "; GRANT SELECT, INSERT, UPDATE, DELETE ON order_backorders TO clerk;"
            + " GRANT SELECT, INSERT, DELETE ON order_backorders_due TO clerk;"
            + change);
    Map<String, String> settings = settings();
    settings.put("backorders", "true");

    // When
    runFixes(settings);

    // Then
    assertEquals(List.of(), findings(settings));
    try (RunningSink sink = RunningSink.with(settings, new FakeSinkContext(true))) {
      sink.put(Events.order(1L, 1, "PLACED", "W:2"), Events.order(2L, 1, "PLACED", "W:3"));
      sink.put(Events.order(2L, 2, "CANCELLED", "W:3"), Events.inventory(9L, 1, "RECEIVE", "W:2"));
      Eventually.until(
          () -> {
            sink.poll();
            return database
                .rows("SELECT order_id FROM order_inventory WHERE state = 'BACKORDER_FILLED'")
                .equals(List.of("1"));
          });
      assertEquals(List.of(), sink.reported());
    }
    assertEquals(List.of(), database.rows("SELECT * FROM order_backorders"));
  }

  private void runFixes(Map<String, String> settings) throws SQLException {
    // One finding may hide another.
    for (int i = 0; i < 5; i++) {
      for (String finding : findings(settings)) {
        assertTrue(finding.contains("Run:"), finding);
        String sql = finding.substring(finding.indexOf("Run:") + 4);
        database.execute(sql.substring(0, sql.lastIndexOf(';')));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "(order_id, updated_at) ~ (updated_at) ~ partitioned by RANGE (updated_at)",
        "(order_id, version) ~ (order_id, version) ~ partitioned by RANGE (order_id, version)",
        "(order_id) ~ (order_id) ~ works",
      })
  void keyOfAPartitionedTableContainsThatOfThePartitions(
      String primaryKey, String partitionKey, String expected) throws SQLException {
    // Given
    database.execute(
        """
        DROP VIEW stock_drift, order_inventory_lines, order_inventory_units, order_inventory_expiring; ALTER TABLE order_inventory RENAME TO o;
        CREATE TABLE order_inventory (LIKE o INCLUDING DEFAULTS, PRIMARY KEY %s) PARTITION BY RANGE %s;
        CREATE TABLE rest PARTITION OF order_inventory DEFAULT;
        GRANT SELECT, INSERT, UPDATE ON order_inventory TO clerk"""
            .formatted(primaryKey, partitionKey));

    // Then
    if (expected.equals("works")) {
      assertEquals(List.of(), findings());
      assertTrue(worksForEveryCommand(), "does not work");
    } else {
      assertTrue(findings().toString().contains(expected), () -> findings().toString());
    }
  }

  /** It counts changes elsewhere, and writes a column of its own to the sums. */
  @Test
  void triggerThatLeavesTheSumsAloneIsNoFinding() throws SQLException {
    database.execute(
        WarehouseDatabase.WITH_PAYMENT_IDS.orderPaymentsScript(OrderIdType.BIGINT)
            + "; ALTER TABLE payment_totals ADD seen int; CREATE TABLE payment_totals_log (n int);"
            + " GRANT SELECT, INSERT, UPDATE ON order_payments, payment_totals TO clerk;"
            + TRIGGER_FUNCTION
            + """
              -- not: DELETE FROM payment_totals
              INSERT INTO payment_totals_log SELECT count(*) FROM payment_totals WHERE paid = 0;
              UPDATE payment_totals SET seen = 1 WHERE seen IS NULL;
              UPDATE payment_totals t SET seen = CASE WHEN paid = 0 THEN 2 END
                FROM (SELECT 1 AS order_id, 2 AS paid) s WHERE t.order_id = s.order_id AND t.paid = s.paid;
              RETURN NULL; END $$;
              CREATE TRIGGER change AFTER INSERT ON order_payments EXECUTE FUNCTION change()""");
    Map<String, String> settings = settings();
    settings.put("payment.id.field", "id");
    assertEquals(List.of(), findings(settings));
  }

  /** A trigger may fill a column that the sink does not know. */
  @Test
  void triggerMayFillAColumn() throws SQLException {
    database.execute(
        """
        ALTER TABLE payments ADD shop text NOT NULL;
        CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.shop := 'main'; RETURN NEW; END $$;
        CREATE TRIGGER fill BEFORE INSERT ON payments FOR EACH ROW EXECUTE FUNCTION fill()""");
    assertEquals(List.of(), findings());
    assertTrue(worksForEveryCommand(), "does not work");
  }

  /** A role needs no more than the columns that the sink names. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "stock: sku, location, on_hand, reserved, moved"
            + ": reserved, on_hand, moved, unavailable, incoming, shortage, moved_at",
        "order_inventory: order_id, version, state, reason, skus, locations, reserved, on_hand_delta,"
            + " backordered, unavailable, incoming, expires_at, revision"
            + ": version, state, reason, skus, locations, reserved, on_hand_delta, backordered,"
            + " unavailable, incoming, updated_at, expires_at, revision"
      })
  void privilegesOnTheWrittenColumnsAreEnough(String grant) throws SQLException {
    // Given
    String[] parts = grant.split(": ", -1);
    database.execute(
        "REVOKE INSERT, UPDATE ON %1$s FROM clerk; GRANT INSERT (%2$s), UPDATE (%3$s) ON %1$s TO clerk"
            .formatted((Object[]) parts));

    // Then
    assertEquals(List.of(), findings());
    assertTrue(worksForEveryCommand(), "does not work");
  }

  /** Without orders, each row of payments has a payment. */
  @Test
  void columnsThatAreNullWithOrdersOnlyMayBeNotNull() throws SQLException {
    database.execute("ALTER TABLE payments ALTER status SET NOT NULL");
    Map<String, String> settings = settings();
    settings.put("topics", "payments");
    settings.remove("topics.order");
    settings.remove("topics.inventory");
    assertEquals(List.of(), findings(settings));
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
            ("the tasks open 6 connections (tasks.max times apply.concurrency; one more for each task"
                    + " if reservations expire, and if orders wait), and role clerk allows"
                    + " %d. It must allow one more than the tasks open, or they wait for each other."
                    + " Lower one of the settings, or raise the limit. Run: ALTER ROLE clerk CONNECTION LIMIT 7;")
                .formatted(limit)),
        findings(settings));
    database.execute("ALTER ROLE clerk CONNECTION LIMIT 7");
    assertEquals(List.of(), findings(settings));
  }

  @Test
  void taskThatReleasesReservationsNeedsOneConnectionMore() throws SQLException {
    // Given
    database.execute("ALTER ROLE clerk CONNECTION LIMIT 7");
    Map<String, String> settings = settings();
    settings.put("tasks.max", "3");
    settings.put("apply.concurrency", "2");
    settings.put("reservation.ttl.ms", "1000");
    settings.put("reservation.ttl.statuses", "PENDING");

    // Then
    assertTrue(findings(settings).get(0).startsWith("the tasks open 9 connections"));
    database.execute("ALTER ROLE clerk CONNECTION LIMIT 10");
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
