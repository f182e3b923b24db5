package io.orderflow.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.fixture.Postgres;
import io.orderflow.source.fixture.Shop;
import io.orderflow.source.fixture.Validation;
import io.orderflow.source.sql.InstallSql;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several captures of one database share tables, and none of them affects the others. */
class SharedTablesTest {

  private static final String LONG = "x".repeat(62);

  private final Shop shop = Postgres.newShop();

  /** The tables of one connector, quoted for SQL; the items table has the column order_id. */
  private record Tables(String orders, String items, String changeXid) {

    Tables(String orders, String items) {
      this(orders, items, "change_xid");
    }

    Map<String, String> settings() {
      return Map.of(
          "orders.table",
          orders,
          "items.table",
          items,
          "change.xid.column",
          changeXid,
          "deletes.table",
          deletes());
    }

    /** Deleted orders are kept for each connector. */
    String deletes() {
      return "deletes_%08x".formatted(hashCode());
    }
  }

  static List<List<Tables>> databases() {
    return List.of(
        List.of(
            new Tables("spree_orders", "spree_line_items"),
            new Tables("spree_shipments", "spree_inventory_units"),
            new Tables("spree_orders", "spree_inventory_units")),
        List.of(
            new Tables("a.orders", "a.items"),
            new Tables("b.orders", "b.items"),
            new Tables("a.orders", "b.items"),
            new Tables("b.orders", "a.items")),
        List.of(
            new Tables("public." + LONG + "1", LONG + "2"),
            new Tables("public." + LONG + "1", LONG + "3"),
            new Tables("public." + LONG + "4", LONG + "2")),
        List.of(
            new Tables("\"Or.der's\"", "\"it\"\"ems\""),
            new Tables("\"or.der's\"", "\"it\"\"ems\""),
            new Tables("\"or_der's\"", "\"It\"\"ems $$ %s ${id}\"")),
        List.of(
            new Tables("orders", "items", "change_xid"),
            new Tables("orders", "items", "Change Xid $$")),
        List.of(new Tables("a_b", "c"), new Tables("a", "b_c"), new Tables("a", "\"b.c\"")));
  }

  @ParameterizedTest
  @MethodSource("databases")
  void capturesOfOneDatabaseAreInstalledSideBySideAndRemovedOneByOne(List<Tables> connectors) {
    // Given
    connectors.forEach(this::createTables);
    List<Tables> installed = new ArrayList<>();
    for (Tables tables : connectors) {
      assertNotEquals(Map.of(), Validation.findings(shop.settings(tables.settings())));
      install(tables);
      installed.add(tables);
      installed.forEach(this::requireReadyAndCapturing);
    }

    // When
    for (Tables tables : connectors) {
      shop.runScript(sql(tables).deletesUninstall());
      shop.runScript(sql(tables).uninstall());
      installed.remove(tables);

      // Then
      assertNotEquals(Map.of(), Validation.findings(shop.settings(tables.settings())));
      installed.forEach(this::requireReadyAndCapturing);
    }
    assertEquals(
        "0",
        shop.value(
            """
            SELECT (SELECT count(*) FROM pg_proc WHERE proname LIKE 'orderflow%')
                 + (SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'orderflow%')
                 + (SELECT count(*) FROM pg_class WHERE relname LIKE 'orderflow%' OR relname LIKE 'deletes_%')
                 + (SELECT count(*) FROM pg_attribute WHERE attname ILIKE 'change_xid%')\
            """));
  }

  @Test
  void capturesOfOneOrdersTableShareTheTableOfDeletes() {
    // Given
    Tables first = new Tables("orders", "items");
    Tables second = new Tables("orders", "units");
    List.of(first, second).forEach(this::createTables);
    Map<String, String> shared = Map.of("deletes.table", "orders_deleted");
    InstallSql one = sql(first, shared);
    InstallSql other = sql(second, shared);
    shop.runScript(one.install());
    shop.runScript(other.install());
    shop.runScript(one.deletesInstall());
    shop.runScript(other.deletesInstall());

    // When
    shop.runScript(one.uninstall());

    // Then
    Map<String, String> settings = new HashMap<>(second.settings());
    settings.putAll(shared);
    assertEquals(Map.of(), Validation.findings(shop.settings(settings)));
  }

  private void createTables(Tables tables) {
    for (String name : List.of(tables.orders(), tables.items())) {
      if (name.matches("[ab]\\..*")) {
        shop.run("CREATE SCHEMA IF NOT EXISTS " + name.charAt(0));
      }
    }
    shop.run("CREATE TABLE IF NOT EXISTS %s (id bigint PRIMARY KEY)".formatted(tables.orders()));
    shop.run(
        "CREATE TABLE IF NOT EXISTS %s (order_id bigint, line_no bigint, PRIMARY KEY (order_id, line_no))"
            .formatted(tables.items()));
  }

  private void install(Tables tables) {
    shop.runScript(sql(tables).install());
    shop.runScript(sql(tables).deletesInstall());
  }

  private InstallSql sql(Tables tables) {
    return sql(tables, Map.of());
  }

  private InstallSql sql(Tables tables, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(tables.settings());
    settings.putAll(more);
    return shop.installSql(settings, "id", OrderIdType.BIGINT);
  }

  /** A new order, each kind of change of its items, and its deletion are captured. */
  private void requireReadyAndCapturing(Tables tables) {
    Map<String, String> settings = shop.settings(tables.settings());
    assertEquals(Map.of(), Validation.findings(settings));
    shop.run("DELETE FROM %s; DELETE FROM %s".formatted(tables.items(), tables.orders()));
    Map<String, String> fresh = new HashMap<>(settings);
    fresh.put("snapshot.mode", "no_data");
    try (CaptureRun run = new CaptureRun(fresh, new HashMap<>())) {
      run.records(4);
      shop.run("INSERT INTO %s (id) VALUES (1), (2)".formatted(tables.orders()));
      requireChange(run, Set.of(1L, 2L));
      for (String change :
          List.of(
              "INSERT INTO %s VALUES (1, 1), (2, 1), (2, 2)",
              "UPDATE %s SET order_id = 3 - order_id, line_no = 10 WHERE line_no = 1",
              "DELETE FROM %s WHERE order_id IN (1, 2)",
              "INSERT INTO %s VALUES (1, 1), (2, 2)",
              "TRUNCATE %s")) {
        shop.run(change.formatted(tables.items()));
        requireChange(run, Set.of(1L, 2L));
      }
      shop.run("DELETE FROM %s".formatted(tables.orders()));
      requireChange(run, Set.of(1L, 2L));
    }
  }

  private static void requireChange(CaptureRun run, Set<Object> ids) {
    List<SourceRecord> records = run.records(ids.size());
    assertEquals(ids, QueryCaptureTest.keys(records));
  }
}
