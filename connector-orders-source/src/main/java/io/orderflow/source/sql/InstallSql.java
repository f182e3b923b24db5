package io.orderflow.source.sql;

import static io.orderflow.common.database.Identifiers.literal;
import static io.orderflow.common.database.Identifiers.quote;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderIdColumns;
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
 * The SQL that prepares a source database, for its names of tables and columns. Empty lines
 * separate statements, and no statement contains one.
 */
public final class InstallSql {

  /** Triggers of the orders table. */
  public static final List<String> ORDERS_TRIGGERS = List.of("orderflow_stamp");

  /** Triggers of the items table. */
  public static final List<String> ITEMS_TRIGGERS =
      List.of(
          "orderflow_stamp_insert",
          "orderflow_stamp_update",
          "orderflow_stamp_delete",
          "orderflow_stamp_truncate");

  /** Triggers of the orders table that record the IDs of deleted orders. */
  public static final List<String> DELETES_TRIGGERS =
      List.of(
          "orderflow_deletes_delete",
          "orderflow_deletes_truncate",
          "orderflow_deletes_insert",
          "orderflow_deletes_update");

  /** The line of a script that is replaced by the statements for the items table. */
  private static final String ITEMS_PART = "${items_part}\n";

  private static final int MAX_NAME_BYTES = 63;

  private final Map<String, String> values;
  private final boolean withItems;

  /**
   * SQL for one source database.
   *
   * @param ids the order ID's columns
   */
  public InstallSql(CapturedTables tables, OrderIdColumns ids, int shards) {
    String schema = quote(tables.orders().schema()) + ".";
    String orders = tables.orders().table();
    Map<String, String> map = new HashMap<>();
    map.put("orders", tables.orders().quoted());
    String id = ids.names().get(0);
    OrderIdType idType = ids.types().get(0);
    map.put("id", quote(id));
    map.put("id_type", idType == OrderIdType.INTEGER ? "bigint" : idType.sqlName());
    map.put("id_ordered", ShardSql.ordered(ids));
    map.put("xid", quote(tables.changeXid()));
    map.put("stamp_order", schema + quote(name(orders, "stamp_order")));
    map.put("capture_index", quote(name(orders, "capture_" + shards)));
    map.put("shard", ShardSql.shard(ids, shards));
    map.put("shards", Integer.toString(shards));
    TableName items = tables.items();
    if (items != null) {
      String index = quote(name(items.table(), "order_id"));
      map.put("items", items.quoted());
      map.put("items_literal", literal(items.quoted()));
      map.put("order_id", quote(tables.itemsOrderId().get(0)));
      map.put("order_id_literal", literal(tables.itemsOrderId().get(0)));
      map.put("stamp_items", schema + quote(name(orders, "stamp_items")));
      map.put("items_index", index);
      map.put("items_index_qualified", quote(items.schema()) + "." + index);
    }
    map.putAll(deletesValues(tables, ids, shards));
    values = Map.copyOf(map);
    withItems = items != null;
  }

  private static Map<String, String> deletesValues(
      CapturedTables tables, OrderIdColumns ids, int shards) {
    OrderIdColumns deleted = DeletesTable.ids(ids);
    String schema = tables.orders().schema();
    String orders = tables.orders().table();
    TableName configured = tables.deletes();
    TableName deletes =
        configured == null ? new TableName(schema, orders + "_deleted") : configured;
    String version = tables.version();
    Map<String, String> map = new HashMap<>();
    map.put("deletes", deletes.quoted());
    map.put("id_column_type", ids.types().get(0).sqlName());
    map.put("keep_deleted", quote(schema) + "." + quote(name(orders, "keep_deleted")));
    map.put("deletes_index", quote(name(deletes.table(), "capture_" + shards)));
    map.put("deletes_shard", ShardSql.shard(deleted, shards));
    map.put("deletes_id_ordered", ShardSql.ordered(deleted));
    map.put("version_column", version == null ? "" : "\n  version bigint NOT NULL,");
    map.put("version_name", version == null ? "" : ", version");
    map.put("version_next", version == null ? "" : ", o." + quote(version) + "::bigint + 1");
    map.put("version_set", version == null ? "" : ", version = EXCLUDED.version");
    return map;
  }

  /** All statements that query capture needs. */
  public String install() {
    return stamps() + "\n" + indexes();
  }

  /** Adds the column for the transaction ID, and the triggers that fill it. */
  public String stamps() {
    return render("stamps.sql");
  }

  /** Creates the indexes along which query capture reads. */
  public String indexes() {
    return render("indexes.sql");
  }

  /** Removes everything that {@link #install} creates. */
  public String uninstall() {
    return render("uninstall.sql");
  }

  /** Creates the table with the IDs of deleted orders, and the triggers that fill it. */
  public String deletesInstall() {
    return render("deletes-install.sql");
  }

  /** Removes everything that {@link #deletesInstall} creates. */
  public String deletesUninstall() {
    return render("deletes-uninstall.sql");
  }

  /** The statements of a script, to run one by one. */
  public static List<String> statements(String script) {
    return Arrays.stream(script.split("\\n\\s*\\n")).map(String::strip).toList();
  }

  private String render(String resource) {
    String text = read(resource);
    if (text.contains(ITEMS_PART)) {
      text = text.replace(ITEMS_PART, withItems ? "\n" + read("items-" + resource) : "");
    }
    for (Map.Entry<String, String> entry : values.entrySet()) {
      text = text.replace("${" + entry.getKey() + "}", entry.getValue());
    }
    return text;
  }

  /** A name for an object that belongs to a table; with a hash if it would be too long. */
  public static String name(String table, String purpose) {
    String name = "orderflow_" + table + "_" + purpose;
    if (name.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES) {
      return name;
    }
    return String.format(Locale.ROOT, "orderflow_%08x_%s", table.hashCode(), purpose);
  }

  private static String read(String resource) {
    try (InputStream in = InstallSql.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
