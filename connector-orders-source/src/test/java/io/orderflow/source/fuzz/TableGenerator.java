package io.orderflow.source.fuzz;

import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.source.fixture.TypedValue;
import io.orderflow.source.fuzz.FuzzTables.ForeignKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Generates legal tables of orders and items. */
final class TableGenerator {

  private static final List<String> SETTINGS =
      List.of(
          "DateStyle = 'German, DMY'",
          "DateStyle = 'SQL, DMY'",
          "DateStyle = 'Postgres, MDY'",
          "IntervalStyle = 'iso_8601'",
          "IntervalStyle = 'sql_standard'",
          "IntervalStyle = 'postgres_verbose'",
          "TimeZone = 'Asia/Kathmandu'",
          "TimeZone = 'America/St_Johns'",
          "bytea_output = 'escape'",
          "extra_float_digits = -5",
          "quote_all_identifiers = on",
          "search_path = ''",
          "enable_indexscan = off",
          "plan_cache_mode = 'force_generic_plan'",
          "plan_cache_mode = 'force_custom_plan'",
          "default_transaction_isolation = 'repeatable read'",
          "transform_null_equals = on",
          "standard_conforming_strings = off",
          "check_function_bodies = off",
          "row_security = off");

  private final Draw draw;
  private final Set<String> kinds = new TreeSet<>();
  private final Names tableNames;
  private final Names orderNames;
  private final Names itemNames;
  private final List<String> ddl = new ArrayList<>();
  private final Map<String, String> settings = new HashMap<>();

  TableGenerator(Draw draw) {
    this.draw = draw;
    boolean hostile = draw.oneIn(3);
    tableNames = new Names(draw, hostile);
    orderNames = new Names(draw, hostile);
    itemNames = new Names(draw, hostile);
    if (hostile) {
      kinds.add("names that need quotes");
    }
  }

  FuzzTables generate() {
    String schema = draw.oneIn(3) ? tableNames.next("shop") : "public";
    String orders = tableNames.next("orders");
    String items = tableNames.next("order_items");
    OrderIds ids = draw.of(OrderIds.values());
    String id = orderNames.next("id");
    String version = draw.oneIn(3) ? orderNames.next("revision") : null;
    String itemsOrderId = itemNames.next("order_id");
    String line = itemNames.next("line_no");
    List<FuzzColumn> orderColumns =
        new ColumnGenerator(draw.split(), orderNames, kinds).columns(orderNames.next("status"));
    List<FuzzColumn> itemColumns =
        new ColumnGenerator(draw.split(), itemNames, kinds).columns(itemNames.next("sku"));
    kinds.add("order ID " + ids.type());
    if (ids == OrderIds.DOMAIN) {
      ddl.add(OrderIds.DOMAIN_DDL);
    }
    ddl.addAll(List.of(TypedValue.TYPES.strip().split(";\n?")));
    if (!schema.equals("public")) {
      ddl.add("CREATE SCHEMA " + quote(schema));
    }
    String ordersTable = quote(schema) + "." + quote(orders);
    createOrders(ordersTable, ids, id, version, orderColumns);
    ForeignKey foreignKey = draw.of(ForeignKey.values());
    kinds.add("foreign key " + foreignKey.name().toLowerCase(java.util.Locale.ROOT));
    ItemsGenerator generator = new ItemsGenerator(draw.split(), kinds, ddl);
    List<String> leaves =
        generator.create(
            new ItemsGenerator.Items(schema, items, ids, itemsOrderId, line, itemColumns),
            "REFERENCES %s (%s) ".formatted(ordersTable, quote(id)),
            foreignKey);
    settings(ordersTable, quote(schema) + "." + quote(items), itemsOrderId, version);
    return new FuzzTables(
        schema,
        orders,
        items,
        ids,
        id,
        version,
        orderColumns,
        itemsOrderId,
        line,
        itemColumns,
        leaves,
        foreignKey,
        List.copyOf(ddl),
        databaseSettings(),
        Map.copyOf(settings),
        kinds);
  }

  private void createOrders(
      String table, OrderIds ids, String id, @Nullable String version, List<FuzzColumn> columns) {
    List<String> definitions = new ArrayList<>();
    columns.forEach(column -> definitions.add(column.definition()));
    if (version != null) {
      kinds.add("version column");
      definitions.add(quote(version) + draw.of(" bigint", " integer") + " NOT NULL DEFAULT 1");
    }
    definitions.add(draw.below(definitions.size() + 1), quote(id) + " " + ids.type() + " NOT NULL");
    boolean primary = !draw.oneIn(8);
    definitions.add((primary ? "PRIMARY KEY (" : "UNIQUE (") + quote(id) + ")");
    if (!primary) {
      kinds.add("orders without a primary key");
      settings.put("orders.id.column", id);
    }
    boolean partitioned = draw.oneIn(10);
    ddl.add(
        "CREATE TABLE %s (%s)%s"
            .formatted(
                table,
                String.join(", ", definitions),
                partitioned ? " PARTITION BY HASH (" + quote(id) + ")" : ""));
    if (partitioned) {
      kinds.add("orders partitioned by hash");
      for (int i = 0; i < 2; i++) {
        ddl.add(
            "CREATE TABLE orders_leaf_%1$d PARTITION OF %2$s FOR VALUES WITH (MODULUS 2, REMAINDER %1$d)"
                .formatted(i, table));
      }
    } else {
      replicaIdentity(table, draw.of("", "", "FULL", "NOTHING"));
    }
  }

  private void replicaIdentity(String table, String identity) {
    if (!identity.isEmpty()) {
      kinds.add("orders' replica identity " + identity);
      ddl.add("ALTER TABLE " + table + " REPLICA IDENTITY " + identity);
    }
  }

  private void settings(
      String orders, String items, String itemsOrderId, @Nullable String version) {
    settings.put("orders.table", orders);
    settings.put("items.table", items);
    settings.put("items.order.id.column", itemsOrderId);
    if (version != null) {
      settings.put("version.column", version);
    }
    if (draw.oneIn(3)) {
      settings.put("decimal.handling.mode", "string");
    }
  }

  private List<String> databaseSettings() {
    List<String> chosen = draw.flip() ? List.of() : draw.some(SETTINGS, 5);
    if (Gaps.TEXT_SETTINGS) {
      chosen =
          chosen.stream()
              .filter(
                  setting -> !setting.startsWith("extra_float") && !setting.startsWith("Interval"))
              .toList();
    }
    Set<String> names =
        chosen.stream()
            .map(setting -> setting.substring(0, setting.indexOf(' ')))
            .collect(Collectors.toSet());
    names.forEach(name -> kinds.add("database setting " + name));
    return Stream.concat(chosen.stream(), Stream.of("lock_timeout = '5s'")).toList();
  }
}
