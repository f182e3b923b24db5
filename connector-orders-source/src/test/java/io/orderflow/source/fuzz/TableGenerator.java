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
    KeyColumn key = key();
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
    ddl.add(ColumnGenerator.COLLATION_DDL);
    ddl.addAll(List.of(TypedValue.TYPES.strip().split(";\n?")));
    if (!schema.equals("public")) {
      ddl.add("CREATE SCHEMA " + quote(schema));
    }
    String ordersTable = quote(schema) + "." + quote(orders);
    String collation = "";
    if (ids.isText() && draw.oneIn(8)) {
      kinds.add("nondeterministic collation");
      collation = ColumnGenerator.COLLATE;
    }
    createOrders(ordersTable, ids.type() + collation, id, key, version, orderColumns);
    boolean partitioned = key != null && !key.identifies();
    ForeignKey foreignKey = partitioned ? ForeignKey.NONE : draw.of(ForeignKey.values());
    kinds.add("foreign key " + foreignKey.name().toLowerCase(java.util.Locale.ROOT));
    ItemsGenerator generator = new ItemsGenerator(draw.split(), kinds, ddl);
    List<String> leaves =
        generator.create(
            new ItemsGenerator.Items(
                schema,
                items,
                ids,
                itemsOrderId,
                partitioned ? null : key,
                line,
                collation,
                itemColumns),
            ordersTable,
            id,
            foreignKey);
    around(ordersTable, quote(schema) + "." + quote(items), id, itemsOrderId, orderColumns.get(0));
    ColumnChoices choices = ColumnChoices.draw(draw.split(), orderColumns, itemColumns, line);
    settings.putAll(choices.settings());
    settings(ordersTable, quote(schema) + "." + quote(items), itemsOrderId, version);
    if (key != null) {
      settings.put("orders.id.column", (partitioned ? "" : key.name() + ",") + id);
    }
    if (key != null && key.identifies()) {
      settings.put("items.order.id.column", key.name() + "," + itemsOrderId);
      settings.put("composite.id.format", draw.of("text", "struct"));
    }
    List<String> databaseSettings = databaseSettings();
    String itemsTable = quote(schema) + "." + quote(items);
    FuzzWatching watching = watching(ids, id, key);
    settings.putAll(watching.settings());
    FuzzReading reading = reading(ordersTable, orderColumns, itemsTable, itemColumns, watching);
    settings.putAll(reading.settings());
    security(ordersTable, itemsTable);
    return new FuzzTables(
        schema,
        orders,
        items,
        ids,
        id,
        key,
        version,
        orderColumns,
        itemsOrderId,
        line,
        itemColumns,
        leaves,
        foreignKey,
        List.copyOf(ddl),
        databaseSettings,
        choices,
        reading,
        watching,
        Map.copyOf(settings),
        kinds);
  }

  private void createOrders(
      String table,
      String type,
      String id,
      @Nullable KeyColumn key,
      @Nullable String version,
      List<FuzzColumn> columns) {
    List<String> definitions = new ArrayList<>();
    columns.forEach(column -> definitions.add(column.definition()));
    if (version != null) {
      kinds.add("version column");
      definitions.add(quote(version) + draw.of(" bigint", " integer") + " NOT NULL DEFAULT 1");
    }
    definitions.add(draw.below(definitions.size() + 1), quote(id) + " " + type + " NOT NULL");
    boolean partitioned = (key != null && !key.identifies()) || draw.oneIn(10);
    boolean primary = !draw.oneIn(8);
    if (key != null) {
      definitions.add(key.definition());
    }
    String columnsOfKey = (key == null ? "" : key.quoted() + ", ") + quote(id);
    definitions.add((primary ? "PRIMARY KEY (" : "UNIQUE (") + columnsOfKey + ")");
    if (!primary) {
      kinds.add("orders without a primary key");
      settings.put("orders.id.column", id);
    }
    if (key != null && !key.identifies()) {
      partitionByDate(table, key, definitions);
      return;
    }
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

  /** Adds what else a shop may have. */
  private void around(
      String orders, String items, String id, String itemsOrderId, FuzzColumn text) {
    boolean partitioned = kinds.stream().anyMatch(kind -> kind.contains("partitioned"));
    if (draw.oneIn(25) && !partitioned) {
      kinds.add("inheritance");
      ddl.add("CREATE TABLE orders_child () INHERITS (%s)".formatted(draw.flip() ? orders : items));
    }
    if (draw.oneIn(8)) {
      kinds.add("a publication of the shop");
      ddl.add("CREATE PUBLICATION shop FOR ALL TABLES");
    }
    if (draw.oneIn(8)) {
      kinds.add("a trigger of the shop");
      ddl.add(
          """
          CREATE FUNCTION touch_order() RETURNS trigger LANGUAGE plpgsql AS $do$
          BEGIN
            UPDATE %1$s SET %2$s = %2$s WHERE %3$s = NEW.%4$s;
            RETURN NULL;
          END $do$\
          """
              .formatted(orders, text.quoted(), quote(id), quote(itemsOrderId)));
      ddl.add(
          "CREATE TRIGGER %s AFTER INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION touch_order()"
              .formatted(draw.of("a_touch", "z_touch"), items));
    }
  }

  /** A further column of the orders' key, with which shops share a table or partition it. */
  private @Nullable KeyColumn key() {
    if (draw.oneIn(8)) {
      kinds.add("order ID of two columns");
      return new KeyColumn("tenant", "integer", List.of("1", "2"), true);
    }
    if (draw.oneIn(8)) {
      kinds.add("orders partitioned by date");
      return new KeyColumn(
          "placed", "date", List.of("'2025-03-01'", "'2026-03-01'", "'2027-03-01'"), false);
    }
    return null;
  }

  private void partitionByDate(String table, KeyColumn key, List<String> definitions) {
    ddl.add(
        "CREATE TABLE %s (%s) PARTITION BY RANGE (%s)"
            .formatted(table, String.join(", ", definitions), key.quoted()));
    ddl.add(
        "CREATE TABLE orders_2025 PARTITION OF %s FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')"
            .formatted(table));
    ddl.add(
        "CREATE TABLE orders_2026 PARTITION OF %s FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY HASH (%s)"
            .formatted(table, key.quoted()));
    ddl.add(
        "CREATE TABLE orders_2026_0 PARTITION OF orders_2026 FOR VALUES WITH (MODULUS 1, REMAINDER"
            + " 0)");
    ddl.add("CREATE TABLE orders_later PARTITION OF %s DEFAULT".formatted(table));
  }

  /** Watched tables refer to the order ID without a foreign key, so its type cannot change. */
  private FuzzWatching watching(OrderIds ids, String id, @Nullable KeyColumn key) {
    Draw own = draw.split();
    boolean partitioned = key != null && !key.identifies();
    return changesTypeOfIds() || !own.oneIn(4)
        ? FuzzWatching.NONE
        : FuzzWatching.draw(own, ids.type(), id, partitioned ? null : key, ddl, kinds);
  }

  private boolean changesTypeOfIds() {
    return kinds.contains("nondeterministic collation")
        || kinds.stream().anyMatch(kind -> kind.contains("order ID char(12)"));
  }

  /** Order IDs whose type has to be changed cannot have views: PostgreSQL refuses the change. */
  private FuzzReading reading(
      String orders,
      List<FuzzColumn> ofOrders,
      String items,
      List<FuzzColumn> ofItems,
      FuzzWatching watching) {
    return changesTypeOfIds() || !draw.oneIn(3)
        ? FuzzReading.ofTables(orders, items)
        : FuzzReading.draw(
            draw.split(), orders, ofOrders.get(0), items, ofItems.get(0), watching, ddl, kinds);
  }

  /** Row security without a policy hides all rows from roles that may not ignore it. */
  private void security(String orders, String items) {
    Draw own = draw.split();
    if (own.oneIn(6)) {
      kinds.add("a role of the connector's own");
      settings.put("database.user", FuzzDatabase.ROLE);
    }
    if (own.oneIn(6)) {
      kinds.add("row level security");
      for (String table : own.some(List.of(orders, items), 2)) {
        ddl.add("ALTER TABLE %s ENABLE ROW LEVEL SECURITY".formatted(table));
        ddl.add("ALTER TABLE %s FORCE ROW LEVEL SECURITY".formatted(table));
      }
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
    Set<String> names =
        chosen.stream()
            .map(setting -> setting.substring(0, setting.indexOf(' ')))
            .collect(Collectors.toSet());
    names.forEach(name -> kinds.add("database setting " + name));
    return Stream.concat(chosen.stream(), Stream.of("lock_timeout = '5s'")).toList();
  }
}
