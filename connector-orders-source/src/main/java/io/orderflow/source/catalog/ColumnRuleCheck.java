package io.orderflow.source.catalog;

import io.orderflow.common.database.TableName;
import io.orderflow.source.config.ColumnSettings;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.ColumnRules;
import io.orderflow.source.schema.ColumnRules.TableRules;
import io.orderflow.source.schema.ColumnType.Scalar;
import io.orderflow.source.schema.TableSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks the columns that events leave out, rename, hash, or carry as a header: they exist, and
 * capture can do without their values. A missing column is an error, since it may have been
 * renamed, and its values must not become public.
 *
 * @param orders the columns of the table or of the view that is read
 * @param items the columns of the table or of the view that is read; null if there is none
 */
record ColumnRuleCheck(
    CapturedTables tables,
    TableSchema orders,
    @Nullable TableSchema items,
    List<String> ordersId,
    List<String> itemOrder) {

  void check() {
    ColumnRules rules = tables.columns();
    List<String> roles = new ArrayList<>(ordersId);
    roles.add(tables.changeXid());
    if (tables.version() != null) {
      roles.add(tables.version());
    }
    if (rules.traceparent() != null) {
      checkTraceparent(rules.traceparent());
      roles.add(rules.traceparent());
    }
    check(ColumnSettings.EXCLUDE, tables.ordersRead(), orders, rules.orders().excluded(), roles);
    check(ColumnSettings.HASH, tables.ordersRead(), orders, rules.orders().hashed(), roles);
    check(
        ColumnSettings.RENAME,
        tables.ordersRead(),
        orders,
        rules.orders().renamed().keySet(),
        Stream.of(tables.changeXid(), rules.traceparent()).filter(Objects::nonNull).toList());
    TableName itemsTable = tables.itemsRead();
    if (items != null && itemsTable != null) {
      List<String> itemRoles = new ArrayList<>(itemOrder);
      itemRoles.addAll(tables.itemsOrderId());
      check(ColumnSettings.EXCLUDE, itemsTable, items, rules.items().excluded(), itemRoles);
      check(ColumnSettings.HASH, itemsTable, items, rules.items().hashed(), tables.itemsOrderId());
      check(ColumnSettings.RENAME, itemsTable, items, rules.items().renamed().keySet(), List.of());
    } else if (!rules.items().equals(TableRules.NONE)) {
      throw new UnusableTablesException(
          keyOf(rules.items()),
          "items.* names columns of the items table, but %s is empty; remove them"
              .formatted(TableSettings.ITEMS_TABLE));
    }
  }

  private static String keyOf(TableRules rules) {
    if (!rules.excluded().isEmpty()) {
      return ColumnSettings.EXCLUDE;
    }
    return rules.hashed().isEmpty() ? ColumnSettings.RENAME : ColumnSettings.HASH;
  }

  private static void check(
      String key, TableName table, TableSchema schema, Set<String> names, List<String> roles) {
    for (String name : new TreeSet<>(names)) {
      if (schema.indexOf(name).isEmpty()) {
        throw new UnusableTablesException(
            key,
            "%s has no column %s; its columns are %s. If the column was renamed, use its new name; if it was dropped, remove it here"
                .formatted(table, name, schema.columns().stream().map(Column::name).toList()));
      }
      if (roles.contains(name)) {
        throw new UnusableTablesException(
            key,
            key.equals(ColumnSettings.RENAME)
                ? "events have no field with the column %s of %s; remove it here"
                    .formatted(name, table)
                : "capture needs the column %s of %s for the order ID, the version, the transaction ID, the trace or the order of the items; remove it here"
                    .formatted(name, table));
      }
    }
  }

  private void checkTraceparent(String name) {
    OptionalInt index = orders.indexOf(name);
    if (index.isEmpty()) {
      throw new UnusableTablesException(
          ColumnSettings.TRACEPARENT,
          "%s has no column %s; its columns are %s"
              .formatted(
                  tables.ordersRead(), name, orders.columns().stream().map(Column::name).toList()));
    }
    Column column = orders.columns().get(index.getAsInt());
    if (column.type() != Scalar.TEXT
        || ordersId.contains(name)
        || name.equals(tables.changeXid())
        || name.equals(tables.version())) {
      throw new UnusableTablesException(
          ColumnSettings.TRACEPARENT,
          "the column %s is %s or has another role; name a text column that only contains the trace context"
              .formatted(name, column.typeName()));
    }
  }
}
