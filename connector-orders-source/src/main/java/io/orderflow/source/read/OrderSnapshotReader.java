package io.orderflow.source.read;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.config.TableSettings;
import io.orderflow.source.event.CompositeId;
import io.orderflow.source.event.OrderKey;
import io.orderflow.source.event.OrderSnapshot;
import io.orderflow.source.read.ReadTrace.ReadTraces;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderIdColumns;
import io.orderflow.source.schema.OrderIdText;
import io.orderflow.source.schema.OrderSchema;
import io.orderflow.source.schema.TableSchema;
import io.orderflow.source.schema.UnusableTablesException;
import io.orderflow.source.value.OrderIdReader;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads orders with their items under one schema: first the orders, then all their items, in the
 * caller's transaction, whose isolation level is REPEATABLE READ. For one thread.
 */
public final class OrderSnapshotReader {

  private final CapturedTables tables;
  private final OrderSchema schema;
  private final OrderSnapshotSql sql;
  private final RowReader orderRows;
  private final @Nullable RowReader itemRows;
  private final ReadTraces traces;

  OrderSnapshotReader(OrderSchema schema, CapturedTables tables) {
    this.schema = schema;
    this.tables = tables;
    sql = new OrderSnapshotSql(tables, schema);
    TableSchema items = schema.items();
    orderRows = new RowReader(schema.orders(), schema.ids().names(), "Order");
    itemRows = items == null ? null : new RowReader(items, tables.itemsOrderId(), "Item of order");
    traces = ReadTraces.of(schema, tables);
  }

  /** The schema that all values follow. */
  public OrderSchema schema() {
    return schema;
  }

  /**
   * A row of a query.
   *
   * @param order null if the row stands for no order
   */
  public record Row<H>(H header, @Nullable OrderSnapshot order) {}

  /**
   * Orders that were read by their IDs.
   *
   * @param orders those that exist, in no particular order
   * @param strayItems the items of those that do not exist, by order ID
   */
  public record FoundOrders(
      List<OrderSnapshot> orders, Map<Object, List<List<@Nullable Object>>> strayItems) {}

  /** Reads the orders with these IDs. */
  public FoundOrders byId(Connection connection, Collection<?> ids) throws SQLException {
    ByIdQuery query = new ByIdQuery(sql, ids, new HashMap<>());
    List<OrderSnapshot> found = orders(read(connection, query));
    found.forEach(order -> query.items().remove(OrderKey.of(order.id())));
    query.items().values().removeIf(List::isEmpty);
    return new FoundOrders(found, query.items());
  }

  /**
   * Reads the orders of a range that meet a condition, in the order of their IDs.
   *
   * @param isTouched whether a row excludes its order, by the lower 32 bits of the transaction that
   *     wrote it
   */
  public List<OrderSnapshot> inRange(
      Connection connection, KeyRange range, RowCondition condition, LongPredicate isTouched)
      throws SQLException {
    RangeQuery query = new RangeQuery(sql, range, condition, isTouched);
    return query.untouched(read(connection, query));
  }

  /**
   * Checks that there is only one order with each of these IDs, if no index ensures it.
   *
   * @throws UnusableTablesException if there are several
   */
  public void requireUnique(Connection connection, Collection<?> ids) throws SQLException {
    if (schema.idIsUnique() || ids.isEmpty()) {
      return;
    }
    Set<String> found = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(sql.existingIds())) {
      bindIds(connection, statement, schema.ids(), ids);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String id = idText(rows, 0);
          if (id != null && !found.add(id)) {
            throw duplicate(id);
          }
        }
      }
    }
  }

  /** The order ID in columns of text; null if one of them is null. */
  private @Nullable String idText(ResultSet row, int before) throws SQLException {
    List<String> parts = new ArrayList<>(schema.ids().count());
    for (int i = 1; i <= schema.ids().count(); i++) {
      String part = row.getString(before + i);
      if (part == null) {
        return null;
      }
      parts.add(part);
    }
    return OrderIdText.join(parts);
  }

  private static <H> List<OrderSnapshot> orders(List<Row<H>> rows) {
    return rows.stream().map(Row::order).filter(Objects::nonNull).toList();
  }

  /** Reads the orders of a query, in its order. */
  public <H> List<Row<H>> read(Connection connection, OrdersQuery<H> query) throws SQLException {
    ReadTrace trace = traces.begin();
    return trace.follow(() -> read(connection, query, trace));
  }

  private <H> List<Row<H>> read(Connection connection, OrdersQuery<H> query, ReadTrace trace)
      throws SQLException {
    List<H> headers = new ArrayList<>();
    List<@Nullable List<@Nullable Object>> orders = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(trace.in(query.sql()))) {
      query.bind(connection, statement);
      int before = query.headerColumns();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          trace.found();
          H header = query.header(rows, orderRows.idText(rows, before));
          headers.add(header);
          orders.add(query.hasOrder(header) ? orderRows.read(rows, before) : null);
        }
      }
    }
    query.ordersRead();
    Map<Object, List<List<@Nullable Object>>> items =
        readItems(connection, query, headers, orders, trace);
    query.itemsRead();
    List<Row<H>> result = new ArrayList<>(headers.size());
    for (int i = 0; i < headers.size(); i++) {
      H header = headers.get(i);
      result.add(new Row<>(header, snapshot(orders.get(i), query.isDeleted(header), items, trace)));
    }
    return result;
  }

  private @Nullable OrderSnapshot snapshot(
      @Nullable List<@Nullable Object> order,
      boolean deleted,
      Map<Object, List<List<@Nullable Object>>> items,
      ReadTrace trace) {
    if (order == null) {
      return null;
    }
    trace.order(order);
    Object id = requireId(order);
    return deleted
        ? new OrderSnapshot(id, order, List.of(), true)
        : new OrderSnapshot(id, order, items.getOrDefault(OrderKey.of(id), List.of()), false);
  }

  private Object requireId(List<@Nullable Object> order) {
    return OrderKey.idOf(Objects.requireNonNull(orderRows.idOf(order)));
  }

  /** Reads the items of some orders, by the keys of their orders. */
  private <H> Map<Object, List<List<@Nullable Object>>> readItems(
      Connection connection,
      OrdersQuery<H> query,
      List<H> headers,
      List<@Nullable List<@Nullable Object>> orders,
      ReadTrace trace)
      throws SQLException {
    Map<Object, List<List<@Nullable Object>>> items = query.items();
    List<Object> deleted = new ArrayList<>();
    for (int i = 0; i < orders.size(); i++) {
      List<@Nullable Object> order = orders.get(i);
      if (order != null) {
        Object id = requireId(order);
        if (items.put(OrderKey.of(id), new ArrayList<>(4)) != null) {
          throw duplicate(id);
        }
        if (query.isDeleted(headers.get(i))) {
          deleted.add(OrderKey.of(id));
        }
      }
    }
    // The items of a deleted order are in no event, but a query may have to know their writers.
    if (!query.tracksItemWriters()) {
      deleted.forEach(items::remove);
    }
    query.alsoItemsOf().forEach(id -> items.putIfAbsent(OrderKey.of(id), new ArrayList<>(4)));
    RowReader rowsOfItems = itemRows;
    if (rowsOfItems == null || items.isEmpty()) {
      return items;
    }
    KeyRange range = query.itemRange();
    boolean withWriters = query.tracksItemWriters() && !tables.reading().hidesItemRows();
    if (query.tracksItemWriters() && !withWriters) {
      readItemWriters(connection, query, items.keySet());
    }
    String columns = (withWriters ? "xmin, " : "") + sql.itemColumns();
    String inRange = range == null ? null : sql.itemsInRange(columns, range);
    String text = inRange == null ? Objects.requireNonNull(sql.itemsById(columns)) : inRange;
    try (PreparedStatement statement = connection.prepareStatement(trace.in(text))) {
      if (range != null && inRange != null) {
        range.bind(statement, schema.ids());
      } else {
        bindIds(connection, statement, schema.ids(), items.keySet());
      }
      try (ResultSet rows = statement.executeQuery()) {
        addItems(rows, rowsOfItems, withWriters ? query : null, items);
      }
    }
    return items;
  }

  /** Several rows are found only if no unique index prevents them, as in a partitioned table. */
  private UnusableTablesException duplicate(Object id) {
    return new UnusableTablesException(
        TableSettings.ORDERS_ID,
        "order %s has several rows in %s, but %s must identify one order; remove all but one of them, or name the columns that identify an order"
            .formatted(id, tables.ordersRead(), schema.ids().names()));
  }

  /** Reads which transactions wrote the rows of items, which what is read of items may not show. */
  private void readItemWriters(Connection connection, OrdersQuery<?> query, Collection<?> ids)
      throws SQLException {
    KeyRange range = sql.itemsHaveRanges() ? query.itemRange() : null;
    String text = range == null ? sql.itemWriters() : sql.itemWriters(range);
    OrderIdReader reader = new OrderIdReader(schema);
    try (PreparedStatement statement = connection.prepareStatement(text)) {
      if (range == null) {
        bindIds(connection, statement, schema.ids(), ids);
      } else {
        range.bind(statement, schema.ids());
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String id = idText(rows, 1);
          if (id != null) {
            query.itemRead(OrderKey.of(reader.read(id)), rows.getLong(1));
          }
        }
      }
    }
  }

  /**
   * Adds items to their orders.
   *
   * @param query that tracks the writers, which are in the first column; null if it does not
   */
  private static void addItems(
      ResultSet rows,
      RowReader reader,
      @Nullable OrdersQuery<?> query,
      Map<Object, List<List<@Nullable Object>>> items)
      throws SQLException {
    int before = query == null ? 0 : 1;
    Object key = items;
    List<List<@Nullable Object>> ofOrder = null;
    while (rows.next()) {
      List<@Nullable Object> item = reader.read(rows, before);
      Object id = reader.idOf(item);
      if (id == null) {
        continue;
      }
      // The items of one order are consecutive.
      if (!id.equals(key)) {
        key = id;
        ofOrder = items.get(OrderKey.of(id));
      }
      // Without a foreign key, or with a filter, an item of a range may have no order.
      if (ofOrder != null) {
        ofOrder.add(item);
        if (query != null) {
          query.itemRead(OrderKey.of(id), rows.getLong(1));
        }
      }
    }
  }

  /** Binds the first parameters: an array for each column of the ID. */
  public static void bindIds(
      Connection connection, PreparedStatement statement, OrderIdColumns columns, Collection<?> ids)
      throws SQLException {
    for (int i = 0; i < columns.count(); i++) {
      int part = i;
      Collection<?> values =
          columns.isComposite()
              ? ids.stream().map(id -> ((CompositeId) id).parts().get(part)).toList()
              : ids;
      statement.setArray(i + 1, idArray(connection, columns.types().get(i), values));
    }
  }

  private static Array idArray(Connection connection, OrderIdType type, Collection<?> ids)
      throws SQLException {
    return switch (type) {
      case BIGINT, INTEGER ->
          connection.createArrayOf("int8", ids.stream().map(OrderKey::of).toArray());
      case UUID, TEXT -> connection.createArrayOf("text", ids.toArray());
    };
  }

  /**
   * Selects orders by their IDs.
   *
   * @param ids as an order event has them
   * @param items receives the items of each of them
   */
  record ByIdQuery(
      OrderSnapshotSql texts, Collection<?> ids, Map<Object, List<List<@Nullable Object>>> items)
      implements OrdersQuery<RowMark> {

    @Override
    public String sql() {
      return texts.ordersById();
    }

    @Override
    public void bind(Connection connection, PreparedStatement statement) throws SQLException {
      OrderSnapshotReader.bindIds(connection, statement, texts.schema().ids(), ids);
    }

    /** Those that do not exist may have items, from which orders are resolved when they do. */
    @Override
    public Collection<?> alsoItemsOf() {
      return texts.tables().looksUpEveryOrder() ? List.of() : ids;
    }

    @Override
    public int headerColumns() {
      return texts.rows().haveMarks() ? 1 : 0;
    }

    @Override
    public RowMark header(ResultSet row, String orderId) throws SQLException {
      return texts.rows().haveMarks() ? RowMark.of(row.getInt(1)) : RowMark.ORDER;
    }

    @Override
    public boolean hasOrder(RowMark mark) {
      return mark != RowMark.FILTERED;
    }

    @Override
    public boolean isDeleted(RowMark mark) {
      return mark == RowMark.HIDDEN;
    }
  }
}
