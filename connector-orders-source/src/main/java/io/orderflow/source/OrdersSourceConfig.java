package io.orderflow.source;

import io.orderflow.common.database.DatabaseSettings;
import io.orderflow.common.database.TableName;
import io.orderflow.source.event.Decimals;
import io.orderflow.source.event.Shards;
import io.orderflow.source.event.ShopTables;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** The connector's settings: their one definition, and their values with types. */
final class OrdersSourceConfig extends AbstractConfig {

  static final String ORDERS_TABLE = "orders.table";
  static final String ORDERS_ID = "orders.id.column";
  static final String ITEMS_TABLE = "items.table";
  static final String ITEMS_ORDER_ID = "items.order.id.column";
  static final String ITEMS_ORDER_BY = "items.order.by";
  static final String VERSION_COLUMN = "version.column";
  static final String CHANGE_XID = "change.xid.column";
  static final String CAPTURE = "capture";
  static final String SHARDS = "capture.shards";
  static final String POLL_INTERVAL = "poll.interval.ms";
  static final String BATCH_MAX_ORDERS = "batch.max.orders";
  static final String DECIMALS = "decimals";
  static final String TOPIC = "topic";

  /** What the connector hands to each task: its shards, with commas between. */
  static final String TASK_SHARDS = "task.shards";

  private static final String TABLES = "Tables";
  private static final String READING = "Capture";
  private static final String EVENTS = "Events";

  OrdersSourceConfig(Map<String, String> settings) {
    super(definition(), settings, false);
  }

  static ConfigDef definition() {
    ConfigDef definition = DatabaseSettings.define(new ConfigDef());
    defineTables(definition);
    defineCapture(definition);
    defineEvents(definition);
    return definition.defineInternal(TASK_SHARDS, Type.STRING, "", Importance.LOW);
  }

  private static void defineTables(ConfigDef definition) {
    Definer tables = new Definer(definition, TABLES);
    tables.define(
        ORDERS_TABLE,
        Type.STRING,
        "public.orders",
        validTable(),
        Importance.HIGH,
        "Table of the orders: table, schema.table, or with quotes \"Schema\".\"Table\". Case counts.");
    tables.define(
        ORDERS_ID,
        Type.STRING,
        null,
        null,
        Importance.MEDIUM,
        "Column of the orders table with the order ID: bigint, integer, smallint, uuid, text or"
            + " varchar. Without it, the primary key, which must then be of one column.");
    tables.define(
        ITEMS_TABLE,
        Type.STRING,
        "public.order_items",
        validTableOrNone(),
        Importance.HIGH,
        "Table of the line items. Empty: an order is one row, with its items in a column of it or"
            + " without any, and events have no field items.");
    tables.define(
        ITEMS_ORDER_ID,
        Type.STRING,
        "order_id",
        notBlank(),
        Importance.MEDIUM,
        "Column of the items table with the ID of the order that an item belongs to.");
    tables.define(
        ITEMS_ORDER_BY,
        Type.STRING,
        null,
        null,
        Importance.LOW,
        "Column of the items table that orders the items of an event. Without it, the primary key.");
    tables.define(
        VERSION_COLUMN,
        Type.STRING,
        null,
        null,
        Importance.MEDIUM,
        "Column of the orders table with the version: an integer that grows with every change of the"
            + " order and of its items. Without it, the ID of the transaction that made the change.");
    tables.define(
        CHANGE_XID,
        Type.STRING,
        "change_xid",
        notBlank(),
        Importance.LOW,
        "Column of the orders table that keeps the transaction that last changed the order or its"
            + " items; shop-install.sql adds it. It is no field of the event.");
  }

  private static void defineCapture(ConfigDef definition) {
    Definer reading = new Definer(definition, READING);
    reading.define(
        CAPTURE,
        Type.STRING,
        "query",
        ConfigDef.ValidString.in("query"),
        Importance.HIGH,
        "How changes are read. query: with plain SQL, by any role that may SELECT.");
    reading.define(
        SHARDS,
        Type.INT,
        32,
        ConfigDef.Range.between(1, Shards.MOST),
        Importance.MEDIUM,
        "Number of fixed shares of the orders, dealt out to at most tasks.max tasks. The index of"
            + " shop-install.sql and the stored offsets hold it: it is chosen once.");
    reading.define(
        POLL_INTERVAL,
        Type.LONG,
        100L,
        ConfigDef.Range.between(1, 60_000),
        Importance.MEDIUM,
        "Longest wait between two polls while nothing changes, in milliseconds. While there is more"
            + " to read, there is none; after that it is a quarter of this.");
    reading.define(
        BATCH_MAX_ORDERS,
        Type.INT,
        4_000,
        ConfigDef.Range.between(1, 100_000),
        Importance.MEDIUM,
        "How many orders a task reads at once, at most; each of its shards has an equal part in it."
            + " At least one order is read of each shard.");
  }

  private static void defineEvents(ConfigDef definition) {
    Definer events = new Definer(definition, EVENTS);
    events.define(
        TOPIC, Type.STRING, "orders", notBlank(), Importance.HIGH, "Topic that the events go to.");
    events.define(
        DECIMALS,
        Type.STRING,
        "decimal",
        ConfigDef.ValidString.in("decimal", "string"),
        Importance.MEDIUM,
        "What numeric columns are in an event. decimal: Connect's Decimal with the column's scale;"
            + " string: the exact text. A column without a scale is always text.");
  }

  ShopTables tables() {
    return new ShopTables(
        TableName.parse(getString(ORDERS_TABLE)),
        getString(ORDERS_ID),
        getString(ITEMS_TABLE).isBlank() ? null : TableName.parse(getString(ITEMS_TABLE)),
        getString(ITEMS_ORDER_ID),
        getString(ITEMS_ORDER_BY),
        getString(VERSION_COLUMN),
        getString(CHANGE_XID));
  }

  int shards() {
    return getInt(SHARDS);
  }

  Duration pollInterval() {
    return Duration.ofMillis(getLong(POLL_INTERVAL));
  }

  int batchMaxOrders() {
    return getInt(BATCH_MAX_ORDERS);
  }

  Decimals decimals() {
    return Decimals.valueOf(getString(DECIMALS).toUpperCase(Locale.ROOT));
  }

  String topic() {
    return getString(TOPIC);
  }

  List<Integer> taskShards() {
    return Arrays.stream(getString(TASK_SHARDS).split(",", -1)).map(Integer::valueOf).toList();
  }

  static String listOf(List<Integer> shards) {
    return shards.stream().map(Objects::toString).collect(Collectors.joining(","));
  }

  /**
   * The database, with a planner that reads along indexes: right after the installation there are
   * no statistics yet, and a plan that sorts or scans a whole table would be taken for each page.
   * And with an error, rather than fewer orders, where row security would hide some.
   */
  DatabaseSettings queryDatabase() {
    return DatabaseSettings.of(this)
        // The driver would write these texts by itself, and otherwise than PostgreSQL does.
        .withDriverDefault("binaryTransferDisable", "TIMETZ,POINT,BOX")
        .withOptions(
            "-c enable_seqscan=off -c enable_bitmapscan=off -c jit=off -c row_security=off");
  }

  private static ConfigDef.Validator validTable() {
    return ConfigDef.LambdaValidator.with(
        OrdersSourceConfig::requireTableName, () -> "schema.table");
  }

  private static ConfigDef.Validator validTableOrNone() {
    return ConfigDef.LambdaValidator.with(
        (key, value) -> {
          if (!String.valueOf(value).isBlank()) {
            requireTableName(key, value);
          }
        },
        () -> "schema.table, or nothing");
  }

  private static void requireTableName(String key, @Nullable Object value) {
    try {
      TableName.parse(String.valueOf(value));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(key + ": " + e.getMessage());
    }
  }

  private static ConfigDef.Validator notBlank() {
    return ConfigDef.LambdaValidator.with(
        (key, value) -> {
          if (value == null || String.valueOf(value).isBlank()) {
            throw new ConfigException(key + ": expected a name, found none");
          }
        },
        () -> "a name");
  }

  /** Adds settings of one group, in the order in which they come. */
  private record Definer(ConfigDef definition, String group) {

    void define(
        String key,
        Type type,
        @Nullable Object defaultValue,
        ConfigDef.@Nullable Validator validator,
        Importance importance,
        String documentation) {
      int order = definition.configKeys().size();
      definition.define(
          key,
          type,
          defaultValue,
          validator,
          importance,
          documentation,
          group,
          order,
          Width.MEDIUM,
          key);
    }
  }
}
