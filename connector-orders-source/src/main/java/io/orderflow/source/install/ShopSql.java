package io.orderflow.source.install;

import static io.orderflow.common.database.Identifiers.literal;
import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.source.event.ShopTables;
import io.orderflow.source.query.ShardSql;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The SQL that prepares a shop's database, for its names of tables and columns. Empty lines stand
 * between statements, and nowhere within one.
 */
public final class ShopSql {

  /** Triggers of the orders table. */
  public static final List<String> ORDERS_TRIGGERS = List.of("orderflow_stamp");

  /** Triggers of the items table. */
  public static final List<String> ITEMS_TRIGGERS =
      List.of(
          "orderflow_stamp_insert",
          "orderflow_stamp_update",
          "orderflow_stamp_delete",
          "orderflow_stamp_truncate");

  private static final int LONGEST_NAME = 63;

  private final Map<String, String> values;
  private final boolean withItems;

  /**
   * SQL for one shop.
   *
   * @param id the order ID's column
   */
  public ShopSql(ShopTables tables, String id, OrderIdType idType, int shards) {
    String schema = quote(tables.orders().schema()) + ".";
    String orders = tables.orders().table();
    Map<String, String> map = new HashMap<>();
    map.put("orders", tables.orders().quoted());
    map.put("id", quote(id));
    map.put("id_type", idType == OrderIdType.INTEGER ? "bigint" : idType.sqlName());
    map.put("id_ordered", ShardSql.ordered(idType, id));
    map.put("xid", quote(tables.changeXid()));
    map.put("stamp_order", schema + quote(name(orders, "stamp_order")));
    map.put("capture_index", quote(name(orders, "capture_" + shards)));
    map.put("shard", ShardSql.shard(idType, id, shards));
    map.put("shards", Integer.toString(shards));
    TableName items = tables.items();
    if (items != null) {
      String index = quote(name(items.table(), "order_id"));
      map.put("items", items.quoted());
      map.put("items_literal", literal(items.quoted()));
      map.put("order_id", quote(tables.itemsOrderId()));
      map.put("order_id_literal", literal(tables.itemsOrderId()));
      map.put("stamp_items", schema + quote(name(orders, "stamp_items")));
      map.put("items_index", index);
      map.put("items_index_qualified", quote(items.schema()) + "." + index);
    }
    values = Map.copyOf(map);
    withItems = items != null;
  }

  /** All that the capture needs. */
  public String install() {
    return stamps() + "\n" + indexes();
  }

  /** The column that keeps the transaction, and the triggers. */
  public String stamps() {
    return render("stamps.sql");
  }

  /** The indexes that the capture reads along. */
  public String indexes() {
    return render("indexes.sql");
  }

  /** Takes all of it away. */
  public String uninstall() {
    return render("uninstall.sql");
  }

  /** The statements of a script, to run one by one. */
  public static List<String> statements(String script) {
    return Arrays.stream(script.split("\\n\\s*\\n")).map(String::strip).toList();
  }

  private String render(String resource) {
    String ofItems = withItems ? "\n" + read("items-" + resource) : "";
    String text = read(resource).replace("${of_items}\n", ofItems);
    for (Map.Entry<String, String> entry : values.entrySet()) {
      text = text.replace("${" + entry.getKey() + "}", entry.getValue());
    }
    return text;
  }

  /** A name of ours for something of a table; cut where it would be too long, yet still its own. */
  private static String name(String table, String what) {
    String name = "orderflow_" + table + "_" + what;
    if (name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME) {
      return name;
    }
    return String.format(Locale.ROOT, "orderflow_%08x_%s", table.hashCode(), what);
  }

  private static String read(String resource) {
    try (InputStream in = ShopSql.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
