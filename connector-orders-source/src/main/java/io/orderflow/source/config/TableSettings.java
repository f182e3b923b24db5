package io.orderflow.source.config;

import io.orderflow.common.config.Finding;
import io.orderflow.common.config.Setting;
import io.orderflow.common.config.SettingsGroup;
import io.orderflow.common.config.Validators;
import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Reading;
import io.orderflow.source.schema.WatchedTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.jspecify.annotations.Nullable;

/** The captured tables, and the roles of their columns. */
public record TableSettings(CapturedTables tables) {

  public static final String ORDERS_TABLE = "orders.table";
  public static final String ORDERS_ID = "orders.id.column";
  public static final String ITEMS_TABLE = "items.table";
  public static final String ITEMS_ORDER_ID = "items.order.id.column";
  public static final String ITEMS_ORDER_BY = "items.order.by";
  public static final String VERSION_COLUMN = "version.column";
  public static final String CHANGE_XID = "change.xid.column";
  public static final String ORDERS_VIEW = "orders.view";
  public static final String ITEMS_VIEW = "items.view";
  public static final String WHERE = "orders.where";
  public static final String DELETED_WHERE = "orders.deleted.where";
  public static final String ITEMS_WHERE = "items.where";
  public static final String DELETES = "deletes.table";
  public static final String WATCH = "watch.tables";

  private static final ConfigDef.Validator TABLE =
      Validators.parsedBy(TableName::parse, "schema.table");

  private static final String ORDERS_READ = "the orders table, or of orders.view";

  static final SettingsGroup GROUP =
      SettingsGroup.of(
          "Tables",
          Setting.of(ORDERS_TABLE, Type.STRING)
              .defaultsTo("public.orders")
              .validatedBy(TABLE)
              .high()
              .documented(
                  "Table of the orders: table, schema.table, or quoted as \"Schema\".\"Table\". Names are"
                      + " case-sensitive."),
          Setting.of(ORDERS_ID, Type.LIST)
              .defaultsTo(List.of())
              .documented(
                  "Column of the orders table with the order ID: bigint, integer, smallint, uuid, text"
                      + " or varchar; or a list of columns that only together identify an order, such"
                      + " as o_w_id,o_d_id,o_id, in the order of a unique index. Empty: the primary"
                      + " key, which must then have one column."),
          Setting.of(ITEMS_TABLE, Type.STRING)
              .defaultsTo("public.order_items")
              .validatedBy(Validators.emptyOr(TABLE))
              .high()
              .documented(
                  "Table of the line items. Empty: an order is a single row, with its items in one of"
                      + " its columns or without items, and events have no field items."),
          Setting.of(ITEMS_ORDER_ID, Type.LIST)
              .defaultsTo(List.of("order_id"))
              .documented(
                  "Column of the items table with the ID of the item's order; if the order ID has"
                      + " several columns, a list with one for each, in the same order."),
          Setting.of(ITEMS_ORDER_BY, Type.STRING)
              .optional()
              .low()
              .documented(
                  "Column of the items table that sorts the items of an event. Default: the primary"
                      + " key."),
          Setting.of(VERSION_COLUMN, Type.STRING)
              .optional()
              .documented(
                  "Column of the orders table with the version: an integer that grows with every change"
                      + " of the order or its items. Default: the ID of the transaction that made the"
                      + " change."),
          Setting.of(CHANGE_XID, Type.STRING)
              .defaultsTo("change_xid")
              .validatedBy(Validators.notBlank())
              .low()
              .documented(
                  "Column of the orders table with the ID of the transaction that last changed the order"
                      + " or its items; shop-install.sql adds it. It is not a field of events."),
          Setting.of(ORDERS_VIEW, Type.STRING)
              .defaultsTo("")
              .validatedBy(Validators.emptyOr(TABLE))
              .documented(
                  "View that events are read from instead of the orders table, in which changes are"
                      + " still detected: a row for each order, found by its ID. It has the columns"
                      + " of the order ID and of version.column, as the table has them. An order"
                      + " that the view does not contain is emitted as deleted when it changes."
                      + " Empty: events are read from the table."),
          Setting.of(ITEMS_VIEW, Type.STRING)
              .defaultsTo("")
              .validatedBy(Validators.emptyOr(TABLE))
              .documented(
                  "View that the items of events are read from instead of the items table, in which"
                      + " changes are still detected. It has the columns of items.order.id.column,"
                      + " as the table has them, and those that sort the items. Empty: items are"
                      + " read from the table."),
          condition(
              WHERE,
              ORDERS_READ,
              "SQL condition over the columns of the orders table, or of orders.view, such as"
                  + " status <> 'DRAFT'. Only matching orders are captured. An order that stops"
                  + " matching produces no further events. The condition must depend on the row"
                  + " alone. Empty: all orders are captured."),
          condition(
              DELETED_WHERE,
              ORDERS_READ,
              "SQL condition over the columns of the orders table, or of orders.view, such as"
                  + " deleted_at IS NOT NULL. A captured order for which it holds is emitted as"
                  + " deleted, as a tombstone, and as an order again when it no longer holds. The"
                  + " condition must depend on the row alone. Empty: only an order without a row is"
                  + " deleted."),
          condition(
              ITEMS_WHERE,
              "the items table, or of items.view",
              "SQL condition over the columns of the items table, or of items.view, such as"
                  + " display_type IS NULL. Events contain only matching items. The condition must"
                  + " depend on the row alone. Empty: events contain all items."),
          Setting.of(DELETES, Type.STRING)
              .defaultsTo("")
              .validatedBy(Validators.emptyOr(TABLE))
              .low()
              .documented(
                  "Table with the IDs of deleted orders, which become tombstones;"
                      + " shop-deletes-install.sql creates it, by default as public.orders_deleted."
                      + " Empty: capture=query does not see deletes."),
          Setting.of(WATCH, Type.STRING)
              .defaultsTo("")
              .validatedBy(
                  Validators.parsedBy(WatchedTablesText::parse, "table:column, …, or nothing"))
              .documented(
                  "Other tables whose changes emit the order again, such as"
                      + " public.shipments:order_id: the table, and its column with the order ID. If"
                      + " other tables are between it and the order, the path to it:"
                      + " public.fulfilment_lines:fulfilment_id>public.fulfilments.id:order_id; the"
                      + " tables of a path are watched too. An order ID or key of several columns is"
                      + " a list, as in "
                      + ITEMS_ORDER_ID
                      + ". Names may be quoted."));

  /** Contradictions between these settings. */
  static List<Finding> findings(AbstractConfig config) {
    CapturedTables tables = of(config).tables();
    List<Finding> findings = new ArrayList<>(findingsOfItems(config));
    Set<WatchedTable> seen = new HashSet<>();
    for (WatchedTable watched : tables.watched()) {
      String problem = null;
      if (!seen.add(watched)) {
        problem = "%s is named twice; remove one".formatted(watched);
      } else if (tables.captured().contains(watched.table())) {
        problem =
            "%s is captured anyway, by %s; remove it here"
                .formatted(
                    watched.table(),
                    watched.table().equals(tables.orders()) ? ORDERS_TABLE : ITEMS_TABLE);
      }
      if (problem != null) {
        findings.add(new Finding(WATCH, problem));
      }
    }
    return findings;
  }

  private static Setting condition(String key, String columns, String documentation) {
    return Setting.of(key, Type.STRING)
        .defaultsTo("")
        .validatedBy(
            ConfigDef.LambdaValidator.with(
                (name, value) -> new ConditionText(key, String.valueOf(value), columns).check(),
                () -> "an SQL condition, or nothing"))
        .low()
        .documented(documentation);
  }

  /** Settings of items without an items table. */
  private static List<Finding> findingsOfItems(AbstractConfig config) {
    return !config.getString(ITEMS_TABLE).isBlank()
        ? List.of()
        : Stream.of(ITEMS_VIEW, ITEMS_WHERE)
            .filter(key -> !config.getString(key).isBlank())
            .map(
                key ->
                    new Finding(
                        key,
                        "%s is empty, so events have no items; remove %s, or name the table in which changes of items are detected"
                            .formatted(ITEMS_TABLE, key)))
            .toList();
  }

  static TableSettings of(AbstractConfig config) {
    String items = config.getString(ITEMS_TABLE);
    return new TableSettings(
        new CapturedTables(
            TableName.parse(config.getString(ORDERS_TABLE)),
            config.getList(ORDERS_ID),
            table(items),
            config.getList(ITEMS_ORDER_ID),
            config.getString(ITEMS_ORDER_BY),
            config.getString(VERSION_COLUMN),
            config.getString(CHANGE_XID),
            true,
            ColumnSettings.of(config).rules(),
            new Reading(
                table(config.getString(ORDERS_VIEW)),
                table(config.getString(ITEMS_VIEW)),
                condition(config.getString(WHERE)),
                condition(config.getString(DELETED_WHERE)),
                condition(config.getString(ITEMS_WHERE))),
            table(config.getString(DELETES)),
            WatchedTablesText.parse(config.getString(WATCH))));
  }

  private static @Nullable TableName table(String name) {
    return name.isBlank() ? null : TableName.parse(name);
  }

  private static @Nullable String condition(String sql) {
    return sql.isBlank() ? null : sql.strip();
  }
}
