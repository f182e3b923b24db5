package io.orderflow.source.read;

import io.orderflow.common.database.Identifiers;
import io.orderflow.common.database.OrderIdType;
import io.orderflow.common.database.TableName;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import io.orderflow.source.sql.OrderIdSql;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Statements that select orders and items, for one schema. Order IDs are parameters, as text, one
 * by one or as an array.
 */
public record OrderSnapshotSql(CapturedTables tables, OrderSchema schema) {

  /** The column with the transaction that wrote a row, among others of the same names. */
  private static final String WRITER = "\"orderflow writer\"";

  /**
   * A table's columns as a select list. Its comment contains the schema's version, since a plan
   * that the server has cached for a text does not fit if a column has got another type.
   *
   * @param alias the table's alias and a dot, or nothing
   */
  public static String columns(OrderSchema schema, TableSchema table, String alias) {
    return table.columns().stream()
        .map(column -> alias + Identifiers.quote(column.name()))
        .collect(Collectors.joining(", ", comment(schema), ""));
  }

  /** A comment that differs for each version of the schema. */
  static String comment(OrderSchema schema) {
    return "/* schema " + schema.schemaVersion() + " */ ";
  }

  /** The rows of orders and their marks. */
  OrderRowSql rows() {
    return new OrderRowSql(tables, schema);
  }

  /** The mark, if rows have one, and the columns of the orders table, as a select list. */
  private String orderColumns() {
    String columns = columns(schema, schema.orders(), "");
    return rows().haveMarks()
        ? rows().mark() + " AS " + OrderRowSql.MARK + ", " + columns
        : columns;
  }

  /** The columns of the items as a select list, if orders have some. */
  String itemColumns() {
    TableSchema items = schema.items();
    return items == null ? "" : columns(schema, items, "");
  }

  /**
   * The orders with the IDs of arrays, one for each column of the ID, which are the only
   * parameters: their marks, if rows have them, then their columns.
   */
  public String ordersById() {
    String table = tables.orders().quoted();
    OrderRowSql rows = rows();
    return rows.isView()
        ? rows.ofView("", OrderIdSql.selectById(schema.ids(), rows.keyColumns(), table, ""))
        : OrderIdSql.selectById(schema.ids(), orderColumns(), table, "");
  }

  /** The IDs of the orders with the IDs of arrays, each as often as it exists. */
  String existingIds() {
    OrderIdColumns ids = schema.ids();
    return OrderIdSql.selectById(ids, OrderIdSql.columns(ids, ""), tables.orders().quoted(), "");
  }

  /**
   * The orders of a range that meet a condition, in the order of their IDs: the transaction that
   * wrote their row, their marks, if rows have them, then their columns.
   */
  String ordersInRange(KeyRange range, RowCondition condition) {
    OrderRowSql rows = rows();
    String columns = rows.isView() ? rows.keyColumns() : orderColumns();
    String inRange =
        "SELECT xmin AS %s, %s FROM %s WHERE %s AND %s"
            .formatted(
                WRITER,
                columns,
                tables.orders().quoted(),
                inRange(schema.ids(), range),
                condition.sql() + filterOfTable());
    return rows.isView()
        ? "%s ORDER BY %s"
            .formatted(rows.ofView(rows.ofKey(WRITER) + ", ", inRange), rows.orderOfKeys())
        : "%s ORDER BY %s".formatted(inRange, OrderIdSql.columns(schema.ids(), ""));
  }

  /** Nothing is known of an order that the condition leaves out, so its row is not read. */
  private String filterOfTable() {
    String where = tables.reading().ordersWhere();
    return where == null || rows().isView() ? "" : " AND (" + where + ")";
  }

  /**
   * The items of some orders, whose IDs are the parameters, grouped by order and sorted within it;
   * null if orders have no items table.
   */
  @Nullable String itemsById(String columns) {
    TableName items = tables.itemsRead();
    if (items == null) {
      return null;
    }
    String selected =
        tables.reading().itemsView() == null
            ? OrderIdSql.selectById(itemsIds(), columns, items.quoted(), itemFilter())
            : OrderIdSql.selectEachById(itemsIds(), columns, items.quoted(), itemFilter());
    return selected + itemOrder();
  }

  /** The items of some orders, as {@link #itemsById(String)}, with their columns alone. */
  public @Nullable String itemsById() {
    return itemsById(itemColumns());
  }

  /**
   * The transactions that wrote the rows of the items table for a range of orders, and the order ID
   * as a column of text for each part.
   */
  String itemWriters(KeyRange range) {
    return "SELECT xmin, %s FROM %s WHERE %s"
        .formatted(
            ofItems("%s::text", ", "),
            Objects.requireNonNull(tables.items()).quoted(),
            inRange(itemsIds(), range));
  }

  /** As {@link #itemWriters(KeyRange)}, for some orders, whose IDs are the parameters. */
  String itemWriters() {
    return OrderIdSql.selectById(
        itemsIds(),
        "xmin, " + ofItems("%s::text", ", "),
        Objects.requireNonNull(tables.items()).quoted(),
        "");
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
        LIMIT %6$d\
        """
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
   * The items of a range of orders, as {@link #itemsById}; null also if they are not read so: a
   * view is read for each order alone.
   */
  @Nullable String itemsInRange(String columns, KeyRange range) {
    TableName items = tables.items();
    return items == null || tables.reading().itemsView() != null || !itemsHaveRanges()
        ? null
        : "SELECT %s FROM %s WHERE %s%s%s"
            .formatted(
                columns, items.quoted(), inRange(itemsIds(), range), itemFilter(), itemOrder());
  }

  /**
   * Whether a range of orders means the same in the items table. The two columns may have
   * collations that order text differently.
   */
  boolean itemsHaveRanges() {
    return !schema.ids().types().contains(OrderIdType.TEXT);
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

  private String itemFilter() {
    String where = tables.reading().itemsWhere();
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
