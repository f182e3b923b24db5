package io.orderflow.source.read;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import io.orderflow.source.sql.OrderIdSql;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Statements that select orders and items, for one schema. Order IDs are parameters, as text, one
 * by one or as an array.
 */
public record OrderSnapshotSql(CapturedTables tables, OrderSchema schema) {

  /**
   * A table's columns as a select list. Its comment contains the schema's version, since a plan
   * that the server has cached for a text does not fit if a column has got another type.
   *
   * @param alias the table's alias and a dot, or nothing
   */
  public static String columns(OrderSchema schema, TableSchema table, String alias) {
    return table.columns().stream()
        .map(column -> alias + Identifiers.quote(column.name()))
        .collect(Collectors.joining(", ", "/* schema " + schema.schemaVersion() + " */ ", ""));
  }

  /** The columns of the orders table as a select list. */
  String orderColumns() {
    return columns(schema, schema.orders(), "");
  }

  /** The columns of the items table as a select list, if orders have one. */
  String itemColumns() {
    TableSchema items = schema.items();
    return items == null ? "" : columns(schema, items, "");
  }

  /** The orders with the IDs of an array, which is the only parameter. */
  String ordersById(String columns) {
    return OrderIdSql.selectById(schema.ids(), columns, tables.orders().quoted(), filter());
  }

  /** The IDs of the orders with the IDs of arrays, each as often as it exists. */
  String existingIds() {
    OrderIdColumns ids = schema.ids();
    return OrderIdSql.selectById(ids, OrderIdSql.columns(ids, ""), tables.orders().quoted(), "");
  }

  /** The orders of a range that meet a condition, in the order of their IDs. */
  String ordersInRange(String columns, KeyRange range, RowCondition condition) {
    return "SELECT %s FROM %s WHERE %s%s AND %s ORDER BY %s"
        .formatted(
            columns,
            tables.orders().quoted(),
            inRange(schema.ids(), range),
            filter(),
            condition.sql(),
            OrderIdSql.columns(schema.ids(), ""));
  }

  /**
   * The items of some orders, whose IDs are one parameter, grouped by order and sorted within it;
   * null if orders have no items table.
   */
  @Nullable String itemsById(String columns) {
    TableName items = tables.items();
    if (items == null) {
      return null;
    }
    return OrderIdSql.selectById(itemsIds(), columns, items.quoted(), "") + itemOrder();
  }

  /**
   * The IDs of orders that do not exist although they have items, a column of text for each part of
   * the ID; null if orders have no items table.
   */
  public @Nullable String strayItems(int max) {
    TableName items = tables.items();
    return items == null
        ? null
        : """
          SELECT DISTINCT %1$s FROM %2$s AS i
          WHERE %3$s AND NOT EXISTS (SELECT FROM %4$s AS o WHERE %5$s)
          LIMIT %6$d"""
            .formatted(
                ofItems("i.%s::text", ", "),
                items.quoted(),
                ofItems("i.%s IS NOT NULL", " AND "),
                tables.orders().quoted(),
                IntStream.range(0, schema.ids().count())
                    .mapToObj(
                        i ->
                            "o.%s = i.%s"
                                .formatted(
                                    Identifiers.quote(schema.ids().names().get(i)),
                                    Identifiers.quote(tables.itemsOrderId().get(i))))
                    .collect(Collectors.joining(" AND ")),
                max);
  }

  private String ofItems(String form, String separator) {
    return tables.itemsOrderId().stream()
        .map(Identifiers::quote)
        .map(form::formatted)
        .collect(Collectors.joining(separator));
  }

  /**
   * The items of a range of orders, as {@link #itemsById}; null also if the range may mean
   * something else in the items table.
   */
  @Nullable String itemsInRange(String columns, KeyRange range) {
    TableName items = tables.items();
    // The two columns may have collations that order text differently.
    return items == null || schema.ids().types().contains(OrderIdType.TEXT)
        ? null
        : "SELECT %s FROM %s WHERE %s%s"
            .formatted(columns, items.quoted(), inRange(itemsIds(), range), itemOrder());
  }

  private OrderIdColumns itemsIds() {
    return schema.ids().named(tables.itemsOrderId());
  }

  private String itemOrder() {
    return Stream.concat(tables.itemsOrderId().stream(), schema.itemOrder().stream())
        .distinct()
        .map(Identifiers::quote)
        .collect(Collectors.joining(", ", " ORDER BY ", ""));
  }

  private String filter() {
    String where = tables.where();
    return where == null ? "" : " AND (" + where + ")";
  }

  private static String inRange(OrderIdColumns ids, KeyRange range) {
    return Stream.of(
            range.after() == null ? "" : OrderIdSql.compared(ids, "", ">"),
            range.upTo() == null ? "" : OrderIdSql.compared(ids, "", "<="))
        .filter(part -> !part.isEmpty())
        .reduce("true", (all, part) -> all + " AND " + part);
  }
}
