package io.orderflow.source.catalog;

import io.orderflow.common.contract.OrderEvents;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.NotInstalledException;
import io.orderflow.source.schema.TableSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which column is what, and whether it can be. */
record ColumnRoles(CapturedTables tables, TableSchema orders, @Nullable TableSchema items) {

  private static final Set<String> INTEGERS = Set.of("int2", "int4", "int8");

  /** The order ID's column: as configured, or the primary key. */
  String ordersId(List<String> primaryKey) {
    String named = tables.ordersId();
    if (named != null) {
      requireOfOrders("orders.id.column", named);
      return named;
    }
    if (primaryKey.size() != 1) {
      throw new UnusableTablesException(
          "orders.id.column",
          "expected %s to have a primary key of one column, found %s; name the column with the order ID here"
              .formatted(tables.orders(), primaryKey.isEmpty() ? "none" : primaryKey));
    }
    return primaryKey.get(0);
  }

  OrderIdType idType(String column) {
    Column id = requireOfOrders("orders.id.column", column);
    return OrderIdType.ofCatalogueName(id.catalogueType())
        .orElseThrow(
            () ->
                new UnusableTablesException(
                    "orders.id.column",
                    "expected the order ID to be bigint, integer, smallint, uuid, text or varchar, found %s is %s"
                        .formatted(column, id.catalogueType())));
  }

  void check(String ordersId, OrderIdType idType) {
    if (tables.stamped()) {
      checkChangeXid(ordersId, idType);
    }
    checkVersion();
    if (tables.items() != null && items != null) {
      checkItems(tables.items(), items);
    }
  }

  private void checkItems(TableName name, TableSchema layout) {
    require("items.order.id.column", name, layout, tables.itemsOrderId());
    if (tables.itemsOrderBy() != null) {
      require("items.order.by", name, layout, tables.itemsOrderBy());
    }
    if (orders.indexOf(OrderEvents.ITEMS).isPresent()) {
      throw new UnusableTablesException(
          "orders.table",
          "the field `items` of an event holds the items, but %s has a column of that name; rename the column"
              .formatted(tables.orders()));
    }
  }

  /** What orders the items of one order: as configured, or the rest of the primary key. */
  List<String> itemOrder(List<String> primaryKey) {
    String named = tables.itemsOrderBy();
    return named != null
        ? List.of(named)
        : primaryKey.stream().filter(column -> !column.equals(tables.itemsOrderId())).toList();
  }

  private void checkChangeXid(String ordersId, OrderIdType idType) {
    String name = tables.changeXid();
    OptionalInt index = orders.indexOf(name);
    if (index.isEmpty()) {
      throw new NotInstalledException(
          "expected %s to have a column %s of type xid8, found none; it keeps the transaction that last changed an order, and shop-install.sql adds it"
              .formatted(tables.orders(), name),
          ordersId,
          idType);
    }
    Column column = orders.columns().get(index.getAsInt());
    if (!column.catalogueType().equals("xid8") || column.nullable()) {
      throw new UnusableTablesException(
          "change.xid.column",
          "expected the column %s of %s to be xid8 NOT NULL, found %s%s"
              .formatted(
                  name,
                  tables.orders(),
                  column.catalogueType(),
                  column.nullable() ? " that may be null" : ""));
    }
  }

  private void checkVersion() {
    String named = tables.version();
    if (named != null) {
      Column column = requireOfOrders("version.column", named);
      if (!INTEGERS.contains(column.catalogueType()) || column.nullable()) {
        throw new UnusableTablesException(
            "version.column",
            "expected an integer column that is NOT NULL, found %s is %s%s"
                .formatted(
                    named, column.catalogueType(), column.nullable() ? " and may be null" : ""));
      }
    }
    if (!OrderEvents.VERSION.equals(named) && orders.indexOf(OrderEvents.VERSION).isPresent()) {
      throw new UnusableTablesException(
          "version.column",
          "the field `version` of an event holds the version, and %s has a column of that name; set version.column=version if it grows with every change of an order, else rename it"
              .formatted(tables.orders()));
    }
  }

  private Column requireOfOrders(String key, String column) {
    return require(key, tables.orders(), orders, column);
  }

  private static Column require(String key, TableName name, TableSchema table, String column) {
    OptionalInt index = table.indexOf(column);
    if (index.isEmpty()) {
      throw new UnusableTablesException(
          key,
          "expected a column %s in %s, found %s"
              .formatted(column, name, table.columns().stream().map(Column::name).toList()));
    }
    return table.columns().get(index.getAsInt());
  }
}
