package io.orderflow.source;

import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * A kind of tables, and statements that a shop runs on them. Every kind has a table {@code orders}
 * with a column {@code status}, and a table {@code order_items} with {@code line_no}, {@code sku}
 * and {@code quantity}.
 *
 * @param ddl creates both tables
 * @param orderId the columns of the order ID in the orders table
 * @param itemOrderId the columns of the order ID in the items table
 * @param idOf the SQL literals of the n-th order's ID
 * @param settings those of the connector that the tables require
 */
record TableKind(
    String title,
    String ddl,
    String orderId,
    String itemOrderId,
    IntFunction<String> idOf,
    Map<String, String> settings) {

  private static final String ITEM_COLUMNS =
      "line_no integer NOT NULL, sku text NOT NULL, quantity integer NOT NULL";

  /** Tables with a bigint ID, whose items have a primary key of the order and the line. */
  private static final String ORDERS = "CREATE TABLE orders (id bigint PRIMARY KEY, status text);";

  static final List<TableKind> ALL =
      List.of(
          plain("Items keyed by order and line", ORDERS + items("order_id, line_no")),
          plain(
              "Items keyed by an ID of their own, as most ORMs do",
              ORDERS
                  + "CREATE TABLE order_items (item_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders, %s);"
                      .formatted(ITEM_COLUMNS)),
          plain(
              "The same, and an index on the items' order ID",
              ORDERS
                  + "CREATE TABLE order_items (item_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders, %s); CREATE INDEX ON order_items (order_id);"
                      .formatted(ITEM_COLUMNS)),
          plain(
              "Items without any key",
              ORDERS + "CREATE TABLE order_items (order_id bigint, %s);".formatted(ITEM_COLUMNS)),
          plain(
              "Items with a stored generated column",
              ORDERS
                  + "CREATE TABLE order_items (item_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders, %s, twice integer GENERATED ALWAYS AS (quantity * 2) STORED);"
                      .formatted(ITEM_COLUMNS)),
          plain(
              "Items with a virtual generated column",
              ORDERS
                  + "CREATE TABLE order_items (item_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders, %s, twice integer GENERATED ALWAYS AS (quantity * 2) VIRTUAL);"
                      .formatted(ITEM_COLUMNS)),
          plain(
              "No foreign key",
              ORDERS
                  + "CREATE TABLE order_items (order_id bigint, %s, PRIMARY KEY (order_id, line_no));"
                      .formatted(ITEM_COLUMNS)),
          plain(
              "Items partitioned by a hash of the order ID",
              ORDERS
                  + """
                  CREATE TABLE order_items (order_id bigint NOT NULL, %s, PRIMARY KEY (order_id, line_no))
                    PARTITION BY HASH (order_id);
                  CREATE TABLE order_items_0 PARTITION OF order_items FOR VALUES WITH (MODULUS 2, REMAINDER 0);
                  CREATE TABLE order_items_1 PARTITION OF order_items FOR VALUES WITH (MODULUS 2, REMAINDER 1);
                  """
                      .formatted(ITEM_COLUMNS)),
          new TableKind(
              "Orders partitioned by date, so that the primary key is not the ID alone",
              """
              CREATE TABLE orders (id bigint NOT NULL, status text, created_at date NOT NULL DEFAULT '2026-01-15',
                PRIMARY KEY (id, created_at)) PARTITION BY RANGE (created_at);
              CREATE TABLE orders_2026_01 PARTITION OF orders FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
              CREATE TABLE orders_2026_02 PARTITION OF orders FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
              CREATE TABLE order_items (order_id bigint, %s, PRIMARY KEY (order_id, line_no));
              """
                  .formatted(ITEM_COLUMNS),
              "id",
              "order_id",
              Integer::toString,
              Map.of("orders.id.column", "id")),
          new TableKind(
              "An order ID of several columns",
              """
              CREATE TABLE orders (shop integer, number integer, status text, PRIMARY KEY (shop, number));
              CREATE TABLE order_items (shop integer, number integer, %s, PRIMARY KEY (shop, number, line_no));
              """
                  .formatted(ITEM_COLUMNS),
              "shop, number",
              "shop, number",
              n -> "7, " + n,
              Map.of("orders.id.column", "shop,number", "items.order.id.column", "shop,number")),
          typed("smallint", "smallint", Integer::toString),
          typed("uuid", "uuid", n -> "'00000000-0000-0000-0000-00000000000%d'".formatted(n)),
          typed("varchar(20)", "varchar(20)", n -> "'ORD-%d'".formatted(n)),
          typed("char(20)", "char(20)", n -> "'ORD-%d'".formatted(n)),
          typed("numeric(10)", "numeric(10)", Integer::toString),
          new TableKind(
              "Order IDs with a nondeterministic collation",
              """
              CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
              CREATE TABLE orders (id text COLLATE folded PRIMARY KEY, status text);
              CREATE TABLE order_items (order_id text COLLATE folded, %s, PRIMARY KEY (order_id, line_no));
              """
                  .formatted(ITEM_COLUMNS),
              "id",
              "order_id",
              n -> "'Ord-%d'".formatted(n),
              Map.of()),
          plain(
              "Tables from which others inherit",
              ORDERS
                  + items("order_id, line_no")
                  + "CREATE TABLE orders_web (campaign text) INHERITS (orders);"),
          plain(
              "Unlogged tables",
              "CREATE UNLOGGED TABLE orders (id bigint PRIMARY KEY, status text);"
                  + "CREATE UNLOGGED TABLE order_items (order_id bigint, %s, PRIMARY KEY (order_id, line_no));"
                      .formatted(ITEM_COLUMNS)));

  private static String items(String key) {
    return "CREATE TABLE order_items (order_id bigint NOT NULL REFERENCES orders, %s, PRIMARY KEY (%s));"
        .formatted(ITEM_COLUMNS, key);
  }

  private static TableKind plain(String title, String ddl) {
    return new TableKind(title, ddl, "id", "order_id", Integer::toString, Map.of());
  }

  private static TableKind typed(String name, String type, IntFunction<String> idOf) {
    return new TableKind(
        "Order IDs of type " + name,
        "CREATE TABLE orders (id %1$s PRIMARY KEY, status text); CREATE TABLE order_items (order_id %1$s, %2$s, PRIMARY KEY (order_id, line_no));"
            .formatted(type, ITEM_COLUMNS),
        "id",
        "order_id",
        idOf,
        Map.of());
  }

  /** The first major version of PostgreSQL that has such tables. */
  int since() {
    return ddl.contains("VIRTUAL") ? 18 : 14;
  }

  /** Fills the tables before the connector is installed. */
  String before() {
    return """
    INSERT INTO orders (%1$s, status) VALUES (%3$s, 'one'), (%4$s, 'two');
    INSERT INTO order_items (%2$s, line_no, sku, quantity)
    VALUES (%3$s, 1, 'A', 10), (%3$s, 2, 'B', 20), (%4$s, 3, 'C', 30), (%4$s, 4, 'D', 40)"""
        .formatted(orderId, itemOrderId, idOf.apply(1), idOf.apply(2));
  }

  /** Statements that the shop runs while the capture runs, each a transaction. */
  List<String> history() {
    return List.of(
        """
        INSERT INTO orders (%1$s, status) VALUES (%3$s, 'three');
        INSERT INTO order_items (%2$s, line_no, sku, quantity) VALUES (%3$s, 5, 'E', 50)"""
            .formatted(orderId, itemOrderId, idOf.apply(3)),
        "UPDATE order_items SET quantity = 11 WHERE sku = 'A'",
        "DELETE FROM order_items WHERE sku = 'C'",
        "UPDATE order_items SET (%1$s) = ROW (%2$s) WHERE sku = 'B'"
            .formatted(itemOrderId, idOf.apply(3)),
        "UPDATE orders SET status = 'two, changed' WHERE (%1$s) = (%2$s)"
            .formatted(orderId, idOf.apply(2)),
        "INSERT INTO orders (%1$s, status) VALUES (%2$s, 'four')"
            .formatted(orderId, idOf.apply(4)));
  }

  /** Selects each order with its items as one text, sorted. */
  String states() {
    return """
    SELECT coalesce(string_agg(state, '; ' ORDER BY state COLLATE "C"), '')
    FROM (
      SELECT o.status || ':' || coalesce(
        (SELECT string_agg(i.sku || i.quantity, ',' ORDER BY i.sku COLLATE "C")
         FROM order_items AS i WHERE (%s) = (%s)), '') AS state
      FROM orders AS o
    ) AS states"""
        .formatted(qualified("i", itemOrderId), qualified("o", orderId));
  }

  private static String qualified(String alias, String columns) {
    return alias + "." + columns.replace(", ", ", " + alias + ".");
  }
}
