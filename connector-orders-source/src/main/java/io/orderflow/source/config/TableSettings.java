package io.orderflow.source.config;

import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Which tables are captured, and the roles of their columns. */
record TableSettings(CapturedTables tables) {

  static final String ORDERS_TABLE = "orders.table";
  static final String ORDERS_ID = "orders.id.column";
  static final String ITEMS_TABLE = "items.table";
  static final String ITEMS_ORDER_ID = "items.order.id.column";
  static final String ITEMS_ORDER_BY = "items.order.by";
  static final String VERSION_COLUMN = "version.column";
  static final String CHANGE_XID = "change.xid.column";
  static final String WHERE = "orders.where";
  static final String DELETES = "deletes.table";

  static ConfigDef define(ConfigDef definition) {
    SettingsGroup group = new SettingsGroup(definition, "Tables");
    group.define(
        ORDERS_TABLE,
        Type.STRING,
        "public.orders",
        validTable(),
        Importance.HIGH,
        "Table of the orders: table, schema.table, or with quotes \"Schema\".\"Table\". Case counts.");
    group.define(
        ORDERS_ID,
        Type.STRING,
        null,
        null,
        Importance.MEDIUM,
        "Column of the orders table with the order ID: bigint, integer, smallint, uuid, text or"
            + " varchar. Without it, the primary key, which must then be of one column.");
    group.define(
        ITEMS_TABLE,
        Type.STRING,
        "public.order_items",
        validTableOrNone(),
        Importance.HIGH,
        "Table of the line items. Empty: an order is one row, with its items in a column of it or"
            + " without any, and events have no field items.");
    group.define(
        ITEMS_ORDER_ID,
        Type.STRING,
        "order_id",
        SettingsGroup.notBlank(),
        Importance.MEDIUM,
        "Column of the items table with the ID of the order that an item belongs to.");
    group.define(
        ITEMS_ORDER_BY,
        Type.STRING,
        null,
        null,
        Importance.LOW,
        "Column of the items table that orders the items of an event. Without it, the primary key.");
    group.define(
        VERSION_COLUMN,
        Type.STRING,
        null,
        null,
        Importance.MEDIUM,
        "Column of the orders table with the version: an integer that grows with every change of the"
            + " order and of its items. Without it, the ID of the transaction that made the change.");
    group.define(
        CHANGE_XID,
        Type.STRING,
        "change_xid",
        SettingsGroup.notBlank(),
        Importance.LOW,
        "Column of the orders table that keeps the transaction that last changed the order or its"
            + " items; shop-install.sql adds it. It is no field of the event.");
    group.define(
        WHERE,
        Type.STRING,
        "",
        ConfigDef.LambdaValidator.with(
            (key, value) -> new ConditionText(key, String.valueOf(value)).check(),
            () -> "an SQL condition, or nothing"),
        Importance.LOW,
        "SQL condition over the columns of the orders table, such as status <> 'DRAFT'. Only orders for"
            + " which it is true are captured; one that ceases to be is told no more. It must depend on"
            + " the row alone. Empty: all orders are.");
    group.define(
        DELETES,
        Type.STRING,
        "",
        validTableOrNone(),
        Importance.LOW,
        "Table that keeps the IDs of deleted orders, which become tombstones; shop-deletes-install.sql"
            + " makes it, by default public.orders_deleted. Empty: capture=query does not see deletes.");
    return definition;
  }

  static TableSettings of(AbstractConfig config) {
    String items = config.getString(ITEMS_TABLE);
    String where = config.getString(WHERE).strip();
    String deletes = config.getString(DELETES);
    return new TableSettings(
        new CapturedTables(
            TableName.parse(config.getString(ORDERS_TABLE)),
            config.getString(ORDERS_ID),
            items.isBlank() ? null : TableName.parse(items),
            config.getString(ITEMS_ORDER_ID),
            config.getString(ITEMS_ORDER_BY),
            config.getString(VERSION_COLUMN),
            config.getString(CHANGE_XID),
            true,
            ColumnSettings.of(config).rules(),
            where.isEmpty() ? null : where,
            deletes.isBlank() ? null : TableName.parse(deletes)));
  }

  private static ConfigDef.Validator validTable() {
    return ConfigDef.LambdaValidator.with(TableSettings::requireTableName, () -> "schema.table");
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
}
