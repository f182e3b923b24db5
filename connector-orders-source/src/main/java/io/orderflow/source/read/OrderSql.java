package io.orderflow.source.read;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Statements that read orders and items, for one layout. Order IDs are handed over as text, one by
 * one or, as {@link OrderItems#ids} makes them, as an array.
 */
public final class OrderSql {

  private final CapturedTables tables;
  private final OrderSchema layout;

  public OrderSql(CapturedTables tables, OrderSchema layout) {
    this.tables = tables;
    this.layout = layout;
  }

  /**
   * The columns of one of the tables, as a select list. It also names the layout, since a plan that
   * the server keeps for a text does not serve other types of the same columns.
   *
   * @param of the table's alias and a dot, or nothing
   */
  public static String columns(OrderSchema layout, TableSchema table, String of) {
    return table.columns().stream()
        .map(column -> of + Identifiers.quote(column.name()))
        .collect(Collectors.joining(", ", "/* layout " + layout.generation() + " */ ", ""));
  }

  /**
   * Items of some orders, together for each order and in its items' order; null where orders have
   * no items table.
   *
   * @param columns what is selected
   */
  public @Nullable String itemsOf(String columns) {
    TableName items = tables.items();
    return items == null ? null : items(columns, items, among(tables.itemsOrderId()));
  }

  /** Some orders by their IDs. */
  String ordersOf(String columns) {
    return "SELECT %s FROM %s WHERE %s"
        .formatted(columns, tables.orders().quoted(), told(among(layout.ordersId())));
  }

  /** Orders of a range of which something else holds too, in the order of their IDs. */
  String ordersBetween(String columns, KeyRange range, RowCondition condition) {
    return "SELECT %s FROM %s WHERE %s AND %s ORDER BY %s"
        .formatted(
            columns,
            tables.orders().quoted(),
            told(between(layout.ordersId(), range)),
            condition.sql(),
            Identifiers.quote(layout.ordersId()));
  }

  /** Items of a range, as {@link #itemsOf}; null also where the range means another thing there. */
  @Nullable String itemsBetween(String columns, KeyRange range) {
    TableName items = tables.items();
    // The two columns may have collations that order text differently.
    return items == null || layout.idType() == OrderIdType.TEXT
        ? null
        : items(columns, items, between(tables.itemsOrderId(), range));
  }

  private String items(String columns, TableName items, String condition) {
    List<String> order =
        Stream.concat(Stream.of(tables.itemsOrderId()), layout.itemOrder().stream())
            .distinct()
            .toList();
    return "SELECT %s FROM %s WHERE %s ORDER BY %s"
        .formatted(
            columns,
            items.quoted(),
            condition,
            order.stream().map(Identifiers::quote).collect(Collectors.joining(", ")));
  }

  /** Of these orders, those that events are told of. */
  private String told(String condition) {
    String where = tables.where();
    return where == null ? condition : condition + " AND (" + where + ")";
  }

  private String among(String column) {
    return "%s = ANY (?::%s[])".formatted(Identifiers.quote(column), layout.idType().sqlName());
  }

  private String between(String column, KeyRange range) {
    String name = Identifiers.quote(column);
    String value = "?::" + layout.idType().sqlName();
    return Stream.of(
            range.after() == null ? "" : name + " > " + value,
            range.upTo() == null ? "" : name + " <= " + value)
        .filter(part -> !part.isEmpty())
        .reduce("true", (all, part) -> all + " AND " + part);
  }
}
