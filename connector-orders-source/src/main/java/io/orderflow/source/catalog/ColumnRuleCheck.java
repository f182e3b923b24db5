package io.orderflow.source.catalog;

import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.Column;
import io.orderflow.source.schema.ColumnRules;
import io.orderflow.source.schema.ColumnType.Scalar;
import io.orderflow.source.schema.TableRules;
import io.orderflow.source.schema.TableSchema;
import io.orderflow.source.schema.UnusableTablesException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The columns that events do not tell as they are exist, and can be done without. A column that is
 * missing is refused, since it may have been renamed, and what it holds must not come out.
 */
record ColumnRuleCheck(
    CapturedTables tables,
    TableSchema orders,
    @Nullable TableSchema items,
    String ordersId,
    List<String> itemOrder) {

  private static final String EXCLUDE = "columns.exclude";
  private static final String HASH = "columns.hash";
  private static final String TRACEPARENT = "traceparent.column";

  void check() {
    ColumnRules rules = tables.columns();
    List<String> roles = new ArrayList<>(List.of(ordersId, tables.changeXid()));
    if (tables.version() != null) {
      roles.add(tables.version());
    }
    if (rules.traceparent() != null) {
      checkTraceparent(rules.traceparent());
      roles.add(rules.traceparent());
    }
    check(EXCLUDE, tables.orders(), orders, rules.orders().excluded(), roles);
    check(HASH, tables.orders(), orders, rules.orders().hashed(), roles);
    TableName itemsTable = tables.items();
    if (items != null && itemsTable != null) {
      List<String> ofItems = new ArrayList<>(itemOrder);
      ofItems.add(tables.itemsOrderId());
      check(EXCLUDE, itemsTable, items, rules.items().excluded(), ofItems);
      check(HASH, itemsTable, items, rules.items().hashed(), List.of(tables.itemsOrderId()));
    } else if (!rules.items().equals(TableRules.NONE)) {
      throw new UnusableTablesException(
          rules.items().excluded().isEmpty() ? HASH : EXCLUDE,
          "expected columns of %s only, since there is no items table, found items.%s"
              .formatted(tables.orders(), rules.items()));
    }
  }

  private static void check(
      String key, TableName table, TableSchema layout, Set<String> names, List<String> roles) {
    for (String name : new TreeSet<>(names)) {
      if (layout.indexOf(name).isEmpty()) {
        throw new UnusableTablesException(
            key,
            "expected a column %s in %s, found %s; where it was renamed, name it anew, and where it was dropped, take it out"
                .formatted(name, table, layout.columns().stream().map(Column::name).toList()));
      }
      if (roles.contains(name)) {
        throw new UnusableTablesException(
            key,
            "expected columns that the capture can do without, found %s of %s, by which it knows an order, its version, its changes, its trace or the order of its items"
                .formatted(name, table));
      }
    }
  }

  private void checkTraceparent(String name) {
    OptionalInt index = orders.indexOf(name);
    if (index.isEmpty()) {
      throw new UnusableTablesException(
          TRACEPARENT,
          "expected a column %s in %s, found %s"
              .formatted(
                  name, tables.orders(), orders.columns().stream().map(Column::name).toList()));
    }
    Column column = orders.columns().get(index.getAsInt());
    if (column.type() != Scalar.TEXT
        || List.of(ordersId, tables.changeXid()).contains(name)
        || name.equals(tables.version())) {
      throw new UnusableTablesException(
          TRACEPARENT,
          "expected a column of text for the trace alone, found %s is %s"
              .formatted(name, column.catalogueType()));
    }
  }
}
