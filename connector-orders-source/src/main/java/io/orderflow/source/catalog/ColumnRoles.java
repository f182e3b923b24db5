package io.orderflow.source.catalog;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.NotInstalledException;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.TableSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the columns that have a role, such as the order ID, and checks that they can have it. */
record ColumnRoles(CapturedTables tables, TableSchema orders, @Nullable TableSchema items) {

  private static final Set<String> INTEGERS = Set.of("int2", "int4", "int8");

  /** Says what to do about a column whose type no order ID can have. */
  interface TypeAdvice {
    String on(String column) throws SQLException;
  }

  /** The order ID's columns: as configured, or the primary key. */
  OrderIdColumns ids(List<String> primaryKey, TypeAdvice advice) throws SQLException {
    List<String> names = idNames(primaryKey);
    List<OrderIdType> types = new ArrayList<>();
    for (String name : names) {
      types.add(idType(name, advice));
    }
    return new OrderIdColumns(names, types);
  }

  private List<String> idNames(List<String> primaryKey) {
    List<String> configured = tables.ordersId();
    if (!configured.isEmpty()) {
      return configured;
    }
    if (primaryKey.size() != 1) {
      throw new UnusableTablesException(
          TableSettings.ORDERS_ID,
          "%s has %s; set the column with the order ID, or the columns if only several together identify an order"
              .formatted(
                  tables.orders(),
                  primaryKey.isEmpty()
                      ? "no primary key"
                      : "the primary key %s of several columns".formatted(primaryKey)));
    }
    return primaryKey;
  }

  private OrderIdType idType(String column, TypeAdvice advice) throws SQLException {
    Column id = requireOfOrders(TableSettings.ORDERS_ID, column);
    Optional<OrderIdType> type = OrderIdType.ofTypeName(id.typeName());
    if (type.isEmpty()) {
      throw new UnusableTablesException(
          TableSettings.ORDERS_ID,
          "the column %s has the type %s; an order ID must be bigint, integer, smallint, uuid, text or varchar. %s"
              .formatted(column, id.typeName(), advice.on(column)));
    }
    return type.get();
  }

  void check(OrderIdColumns ids) {
    if (tables.requiresChangeXid()) {
      checkChangeXid(ids);
    }
    checkVersion();
    if (tables.items() != null && items != null) {
      checkItems(tables.items(), items, ids);
    }
  }

  private void checkItems(TableName name, TableSchema schema, OrderIdColumns ids) {
    List<String> ofItems = tables.itemsOrderId();
    if (ofItems.size() != ids.count()) {
      throw new UnusableTablesException(
          TableSettings.ITEMS_ORDER_ID,
          "%d columns of %s are named, %s, but the order ID has the columns %s; name the column of the items table for each of them, in the same order"
              .formatted(ofItems.size(), name, ofItems, ids.names()));
    }
    ofItems.forEach(column -> require(TableSettings.ITEMS_ORDER_ID, name, schema, column));
    if (tables.itemsOrderBy() != null && tables.reading().itemsView() == null) {
      require(TableSettings.ITEMS_ORDER_BY, name, schema, tables.itemsOrderBy());
    }
  }

  /**
   * The columns that sort the items of one order: as configured, or the rest of the primary key.
   */
  List<String> itemOrder(List<String> primaryKey) {
    String configured = tables.itemsOrderBy();
    return configured != null
        ? List.of(configured)
        : primaryKey.stream().filter(column -> !tables.itemsOrderId().contains(column)).toList();
  }

  private void checkChangeXid(OrderIdColumns ids) {
    String name = tables.changeXid();
    OptionalInt index = orders.indexOf(name);
    if (index.isEmpty()) {
      throw new NotInstalledException(
          TableSettings.CHANGE_XID,
          "%s has no column %s of type xid8 for the transaction that last changed an order; run shop-install.sql, which adds it"
              .formatted(tables.orders(), name),
          ids);
    }
    Column column = orders.columns().get(index.getAsInt());
    if (!column.typeName().equals("xid8") || column.nullable()) {
      throw new UnusableTablesException(
          TableSettings.CHANGE_XID,
          "the column %s of %s is %s; it must be xid8 NOT NULL, as shop-install.sql adds it"
              .formatted(name, tables.orders(), typeOf(column)));
    }
  }

  private void checkVersion() {
    String configured = tables.version();
    if (configured != null) {
      Column column = requireOfOrders(TableSettings.VERSION_COLUMN, configured);
      if (!INTEGERS.contains(column.typeName()) || column.nullable()) {
        throw new UnusableTablesException(
            TableSettings.VERSION_COLUMN,
            "the column %s is %s; it must be smallint, integer or bigint, and NOT NULL"
                .formatted(configured, typeOf(column)));
      }
    }
  }

  private static String typeOf(Column column) {
    return column.typeName() + (column.nullable() ? " and nullable" : "");
  }

  private Column requireOfOrders(String key, String column) {
    return require(key, tables.orders(), orders, column);
  }

  private static Column require(String key, TableName name, TableSchema table, String column) {
    OptionalInt index = table.indexOf(column);
    if (index.isEmpty()) {
      throw new UnusableTablesException(
          key,
          "%s has no column %s; its columns are %s"
              .formatted(name, column, table.columns().stream().map(Column::name).toList()));
    }
    return table.columns().get(index.getAsInt());
  }
}
