package io.orderflow.source.query;

import io.orderflow.common.database.TableName;
import io.orderflow.source.event.Layout;
import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.event.ShardPosition;
import io.orderflow.source.event.Shards;
import io.orderflow.source.event.ShopTables;
import io.orderflow.source.event.TableLayout;
import io.orderflow.source.row.RowReader;
import io.orderflow.source.row.UnreadableValue;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages of orders with their items, for one layout of the tables. The orders come from one
 * statement over all shards, the items from a second one in the same snapshot.
 */
final class PageReader {

  private static final int COLUMNS_BEFORE = 3;

  private final Layout layout;
  private final TableName orders;
  private final CaptureSql sql;
  private final int perShard;
  private final RowReader orderRows;
  private final @Nullable RowReader itemRows;
  private final int idIndex;
  private final int versionIndex;
  private final int itemOrderIdIndex;
  private final Map<Integer, Map<String, Object>> partitions = new HashMap<>();

  PageReader(Layout layout, ShopTables tables, CaptureSql sql, int perShard) {
    this.layout = layout;
    this.orders = tables.orders();
    this.sql = sql;
    this.perShard = perShard;
    orderRows = new RowReader(layout.orders(), COLUMNS_BEFORE);
    TableLayout items = layout.items();
    itemRows = items == null ? null : new RowReader(items, 0);
    idIndex = layout.orders().indexOf(layout.ordersId()).orElseThrow();
    versionIndex =
        layout.version() == null ? -1 : layout.orders().indexOf(layout.version()).orElseThrow();
    itemOrderIdIndex = items == null ? -1 : items.indexOf(tables.itemsOrderId()).orElseThrow();
  }

  Layout layout() {
    return layout;
  }

  /** The next orders after the positions, shard by shard, in the order of their changes. */
  Page read(Connection connection, Map<Integer, ShardPosition> positions) throws SQLException {
    List<OrderEvent> events = new ArrayList<>();
    Map<Object, List<List<@Nullable Object>>> itemsByOrder = new HashMap<>();
    Map<Integer, ShardPosition> reached = new HashMap<>();
    boolean more = readOrders(connection, positions, events, itemsByOrder, reached);
    String itemsSql = sql.items();
    if (!events.isEmpty() && itemsSql != null && itemRows != null) {
      readItems(connection, itemsSql, itemRows, itemsByOrder);
    }
    return new Page(layout, events, reached, more);
  }

  private boolean readOrders(
      Connection connection,
      Map<Integer, ShardPosition> positions,
      List<OrderEvent> events,
      Map<Object, List<List<@Nullable Object>>> itemsByOrder,
      Map<Integer, ShardPosition> reached)
      throws SQLException {
    boolean more = false;
    try (PreparedStatement statement = connection.prepareStatement(sql.orders())) {
      bind(connection, statement, positions);
      int ofShard = 0;
      int previous = -1;
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          int shard = rows.getInt(1);
          ShardPosition before = Objects.requireNonNull(positions.get(shard));
          List<@Nullable Object> values = values(rows);
          Object id = Objects.requireNonNull(values.get(idIndex));
          ShardPosition position = before.at(Long.parseLong(rows.getString(2)), id.toString());
          List<List<@Nullable Object>> items = new ArrayList<>(4);
          itemsByOrder.put(keyOf(id), items);
          events.add(event(rows, shard, position, id, values, items));
          reached.put(shard, position);
          ofShard = shard == previous ? ofShard + 1 : 1;
          previous = shard;
          more |= ofShard == perShard;
        }
      }
    }
    return more;
  }

  private static void bind(
      Connection connection, PreparedStatement statement, Map<Integer, ShardPosition> positions)
      throws SQLException {
    int count = positions.size();
    Integer[] shards = new Integer[count];
    String[] xids = new String[count];
    String[] ids = new String[count];
    int i = 0;
    for (Map.Entry<Integer, ShardPosition> entry : positions.entrySet()) {
      shards[i] = entry.getKey();
      xids[i] = Long.toString(entry.getValue().xid());
      ids[i] = entry.getValue().orderId();
      i++;
    }
    statement.setArray(1, connection.createArrayOf("int4", shards));
    statement.setArray(2, connection.createArrayOf("text", xids));
    statement.setArray(3, connection.createArrayOf("text", ids));
  }

  private OrderEvent event(
      ResultSet row,
      int shard,
      ShardPosition position,
      Object id,
      List<@Nullable Object> values,
      List<List<@Nullable Object>> items)
      throws SQLException {
    long committedAt = row.getLong(3);
    @Nullable Long commitTime = row.wasNull() ? null : (Long) committedAt;
    return new OrderEvent(
        partitions.computeIfAbsent(shard, number -> Shards.partition(orders, number)),
        position,
        id,
        version(values, position.xid()),
        position.kind(),
        commitTime,
        values,
        items);
  }

  private List<@Nullable Object> values(ResultSet row) throws SQLException {
    try {
      return orderRows.read(row);
    } catch (UnreadableValue e) {
      String id = row.getString(COLUMNS_BEFORE + idIndex + 1);
      throw new UnreadableValue("Order " + id + ", column " + e.getMessage(), e.getCause());
    }
  }

  private long version(List<@Nullable Object> values, long xid) {
    return versionIndex < 0
        ? xid
        : ((Number) Objects.requireNonNull(values.get(versionIndex))).longValue();
  }

  private void readItems(
      Connection connection,
      String itemsSql,
      RowReader reader,
      Map<Object, List<List<@Nullable Object>>> itemsByOrder)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(itemsSql)) {
      statement.setArray(1, ids(connection, itemsByOrder));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          List<@Nullable Object> item = item(reader, rows);
          Object orderId = Objects.requireNonNull(item.get(itemOrderIdIndex));
          List<List<@Nullable Object>> items = itemsByOrder.get(keyOf(orderId));
          if (items == null) {
            throw new IllegalStateException("Items of an order that was not asked for: " + orderId);
          }
          items.add(item);
        }
      }
    }
  }

  private List<@Nullable Object> item(RowReader reader, ResultSet row) throws SQLException {
    try {
      return reader.read(row);
    } catch (UnreadableValue e) {
      String id = row.getString(itemOrderIdIndex + 1);
      throw new UnreadableValue("Item of order " + id + ", column " + e.getMessage(), e.getCause());
    }
  }

  private Array ids(Connection connection, Map<Object, List<List<@Nullable Object>>> itemsByOrder)
      throws SQLException {
    return switch (layout.idType()) {
      case BIGINT, INTEGER -> connection.createArrayOf("int8", itemsByOrder.keySet().toArray());
      case UUID, TEXT -> connection.createArrayOf("text", itemsByOrder.keySet().toArray());
    };
  }

  /** Equal for the same order ID in both tables, also where one is integer and the other bigint. */
  private static Object keyOf(Object id) {
    return id instanceof Number number ? (Object) number.longValue() : id;
  }
}
