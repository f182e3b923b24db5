package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import io.orderflow.source.sql.InstallSql;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A shop changes how statements reach its tables, after query capture was installed. */
class TableKindChangesTest {

  private static final Map<String, String> DELETES = Map.of("deletes.table", "orders_deleted");

  private static final String TABLES =
      """
      CREATE TABLE orders (id bigint PRIMARY KEY, status text);
      CREATE TABLE order_items (order_id bigint, line_no int, sku text, PRIMARY KEY (order_id, line_no))
      """;

  /** What a shop can make of a plain table, and how it makes it a plain one again. */
  @SuppressWarnings("ImmutableEnumChecker") // The lists are those of List.of, which never change.
  private enum Kind {
    PLAIN("", "", List.of("orders", "order_items")),
    PARTITIONED(
        """
        ALTER TABLE orders RENAME TO orders_1;
        CREATE TABLE orders (LIKE orders_1 INCLUDING DEFAULTS, PRIMARY KEY (id)) PARTITION BY RANGE (id);
        ALTER TABLE orders ATTACH PARTITION orders_1 FOR VALUES FROM (MINVALUE) TO (MAXVALUE);
        ALTER TABLE order_items RENAME TO items_1;
        CREATE TABLE order_items (LIKE items_1 INCLUDING DEFAULTS, PRIMARY KEY (order_id, line_no)) PARTITION BY RANGE (order_id);
        ALTER TABLE order_items ATTACH PARTITION items_1 FOR VALUES FROM (MINVALUE) TO (MAXVALUE)
        """,
        """
        ALTER TABLE orders DETACH PARTITION orders_1;
        DROP TABLE orders;
        ALTER TABLE orders_1 RENAME TO orders;
        ALTER TABLE order_items DETACH PARTITION items_1;
        DROP TABLE order_items;
        ALTER TABLE items_1 RENAME TO order_items
        """,
        List.of("orders", "order_items", "orders_1", "items_1")),
    PARTITION(
        """
        CREATE TABLE all_orders (LIKE orders INCLUDING DEFAULTS) PARTITION BY RANGE (id);
        ALTER TABLE all_orders ATTACH PARTITION orders DEFAULT;
        CREATE TABLE all_items (LIKE order_items INCLUDING DEFAULTS) PARTITION BY RANGE (order_id);
        ALTER TABLE all_items ATTACH PARTITION order_items DEFAULT
        """,
        """
        ALTER TABLE all_orders DETACH PARTITION orders;
        DROP TABLE all_orders;
        ALTER TABLE all_items DETACH PARTITION order_items;
        DROP TABLE all_items
        """,
        List.of("orders", "order_items", "all_orders", "all_items")),
    HEIR(
        """
        CREATE TABLE all_orders (id bigint, status text);
        ALTER TABLE orders INHERIT all_orders;
        CREATE TABLE all_items (order_id bigint, line_no int, sku text);
        ALTER TABLE order_items INHERIT all_items
        """,
        """
        ALTER TABLE orders NO INHERIT all_orders;
        DROP TABLE all_orders;
        ALTER TABLE order_items NO INHERIT all_items;
        DROP TABLE all_items
        """,
        List.of("orders", "order_items")),
    SUBSCRIBED(
        """
        CREATE SUBSCRIPTION copy CONNECTION 'dbname=none' PUBLICATION none WITH (connect = false);
        SET allow_system_table_mods = on;
        INSERT INTO pg_subscription_rel (srsubid, srrelid, srsubstate)
        SELECT oid, unnest(ARRAY['orders', 'order_items']::regclass[]), 'r' FROM pg_subscription WHERE subname = 'copy'
        """,
        "ALTER SUBSCRIPTION copy SET (slot_name = NONE); DROP SUBSCRIPTION copy",
        List.of("orders", "order_items"));

    private final String fromPlain;
    private final String toPlain;
    private final List<String> named;

    Kind(String fromPlain, String toPlain, List<String> named) {
      this.fromPlain = fromPlain;
      this.toPlain = toPlain;
      this.named = named;
    }
  }

  private final Shop shop = Postgres.newShop();

  static Stream<Arguments> changes() {
    return Stream.of(Kind.values())
        .flatMap(from -> Stream.of(Kind.values()).map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void installationFollowsAndUninstallationLeavesNothing(Kind from, Kind to) {
    // Given
    shop.run(TABLES);
    change(from.fromPlain);
    install();
    requireThatStatementsWork(from);

    // When
    change(from.toPlain);
    change(to.fromPlain);
    requireThatStatementsWork(to);
    install();

    // Then
    assertEquals(Map.of(), Validation.findings(shop.settings(DELETES)));
    requireThatStatementsWork(to);
    requireThatEachChangeIsRecorded(to);
    shop.runScript(sql().deletesUninstall());
    requireThatStatementsWork(to);
    shop.runScript(sql().uninstall());
    requireThatStatementsWork(to);
    assertEquals(
        "0 triggers, 0 functions, 0 relations, 0 columns",
        shop.value(
            """
            SELECT format('%s triggers, %s functions, %s relations, %s columns',
              (SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'orderflow%'),
              (SELECT count(*) FROM pg_proc WHERE proname LIKE 'orderflow%'),
              (SELECT count(*) FROM pg_class WHERE relname LIKE 'orderflow%' OR relname LIKE '%deleted%'),
              (SELECT count(*) FROM pg_attribute WHERE attname = 'change_xid'))\
            """));
    change(to.toPlain);
  }

  /** Only triggers for rows see the changes that name the other table. */
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"PARTITION", "HEIR", "SUBSCRIBED"})
  void changeWhileCaptureRunsStopsItUntilTheInstallationFollows(Kind kind) {
    // Given
    shop.run(TABLES);
    install();
    Map<String, String> settings = shop.settings(DELETES);
    Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      shop.run("INSERT INTO orders (id, status) VALUES (1, 'NEW')");
      run.records(1);

      // When
      change(kind.fromPlain);

      // Then
      requireStop(run);
    }
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      requireStop(run);
    }
    install();
    try (CaptureRun run = new CaptureRun(settings, offsets)) {
      run.records(0);
      for (String items : kind.named.stream().filter(name -> name.contains("items")).toList()) {
        shop.run(
            "DELETE FROM %1$s; INSERT INTO %1$s (order_id, line_no) VALUES (1, 1)"
                .formatted(items));
        assertEquals(1, run.onlyValue().getArray("items").size());
      }

      // The triggers for rows see all changes of a plain table as well.
      change(kind.toPlain);
      shop.run("DELETE FROM order_items");
      assertEquals(0, run.onlyValue().getArray("items").size());
    }
  }

  private static void requireStop(CaptureRun run) {
    ConnectException stopped = assertThrows(ConnectException.class, () -> run.records(1));
    String message = String.valueOf(stopped.getMessage());
    assertTrue(message.contains("the triggers"), message);
    assertTrue(message.contains("CREATE OR REPLACE TRIGGER"), message);
    assertTrue(message.contains("reset its offsets"), message);
  }

  private void change(String sql) {
    if (!sql.isEmpty()) {
      InstallSql.statements(sql.replace(";\n", ";\n\n")).forEach(shop::run);
    }
  }

  private void install() {
    Validation.runFixes(shop, shop.settings(DELETES));
  }

  private InstallSql sql() {
    return shop.installSql(DELETES, "id", OrderIdType.BIGINT);
  }

  /** Each statement names the table itself, or one through which its rows are reached. */
  private void requireThatStatementsWork(Kind kind) {
    for (String orders : kind.named.stream().filter(name -> name.contains("orders")).toList()) {
      for (String items : kind.named.stream().filter(name -> name.contains("items")).toList()) {
        List.of(
                "INSERT INTO %1$s (id, status) VALUES (1, 'NEW'), (2, 'NEW')",
                "INSERT INTO %2$s (order_id, line_no, sku) VALUES (1, 1, 'a'), (2, 2, 'b')",
                "UPDATE %2$s SET sku = 'c'",
                "UPDATE %2$s SET order_id = 3 - order_id",
                "DELETE FROM %2$s WHERE order_id = 1",
                "TRUNCATE %2$s",
                "UPDATE %1$s SET status = 'PAID'",
                "UPDATE %1$s SET id = 3 WHERE id = 1",
                "DELETE FROM %1$s WHERE id = 2",
                "TRUNCATE %1$s")
            .forEach(statement -> shop.run(statement.formatted(orders, items)));
      }
    }
  }

  private void requireThatEachChangeIsRecorded(Kind kind) {
    for (String orders : kind.named.stream().filter(name -> name.contains("orders")).toList()) {
      for (String items : kind.named.stream().filter(name -> name.contains("items")).toList()) {
        shop.run("INSERT INTO %s (id) VALUES (1)".formatted(orders));
        for (String change :
            List.of(
                "INSERT INTO %s (order_id, line_no) VALUES (1, 1)",
                "UPDATE %s SET sku = 'c'",
                "DELETE FROM %s",
                "INSERT INTO %s (order_id, line_no) VALUES (1, 1)",
                "TRUNCATE %s")) {
          String before = shop.value("SELECT change_xid FROM orders");
          shop.run(change.formatted(items));
          assertEquals(
              "t", shop.value("SELECT change_xid > '%s' FROM orders".formatted(before)), change);
        }
        shop.run("DELETE FROM %s".formatted(orders));
        assertEquals(
            "1", shop.value("SELECT count(*) FROM orders_deleted WHERE order_id = 1"), orders);
      }
    }
  }
}
