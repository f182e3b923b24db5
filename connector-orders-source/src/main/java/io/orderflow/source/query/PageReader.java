package io.orderflow.source.query;

import io.orderflow.common.database.TableName;
import io.orderflow.source.event.OrderEvent;
import io.orderflow.source.metrics.Phase;
import io.orderflow.source.metrics.SourceMetrics;
import io.orderflow.source.offset.ShardOffset;
import io.orderflow.source.offset.Shards;
import io.orderflow.source.read.OrderItems;
import io.orderflow.source.read.OrderRows;
import io.orderflow.source.read.ReadTrace;
import io.orderflow.source.read.ReadTraces;
import io.orderflow.source.schema.CapturedTables;
import io.orderflow.source.schema.OrderSchema;
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

  private static final int TOLD = 0;
  private static final int DELETED = 2;

  private final OrderSchema layout;
  private final TableName orders;
  private final CaptureSql sql;
  private final int perShard;
  private final SourceMetrics metrics;
  private final OrderRows orderRows;
  private final @Nullable OrderRows itemRows;
  private final ReadTraces traces;
  private final int versionIndex;
  private final Map<Integer, Map<String, Object>> partitions = new HashMap<>();

  PageReader(
      OrderSchema layout,
      CapturedTables tables,
      CaptureSql sql,
      int perShard,
      SourceMetrics metrics) {
    this.metrics = metrics;
    this.layout = layout;
    this.orders = tables.orders();
    this.sql = sql;
    this.perShard = perShard;
    orderRows = OrderRows.ofOrders(layout, sql.columnsBefore());
    itemRows = OrderRows.ofItems(layout, tables, 0).orElse(null);
    traces = ReadTraces.of(layout, tables);
    versionIndex =
        layout.version() == null ? -1 : layout.orders().indexOf(layout.version()).orElseThrow();
  }

  OrderSchema layout() {
    return layout;
  }

  /** The next orders after the positions, shard by shard, in the order of their changes. */
  Page read(Connection connection, Map<Integer, ShardOffset> positions) throws SQLException {
    ReadTrace trace = traces.begin();
    return trace.follow(() -> read(connection, positions, trace));
  }

  private Page read(Connection connection, Map<Integer, ShardOffset> positions, ReadTrace trace)
      throws SQLException {
    List<OrderEvent> events = new ArrayList<>();
    OrderItems items = new OrderItems();
    Map<Integer, ShardOffset> reached = new HashMap<>();
    long began = System.nanoTime();
    boolean more = readOrders(connection, positions, trace, events, items, reached);
    began = metrics.took(Phase.ORDERS, began);
    String itemsSql = sql.items();
    if (!events.isEmpty() && itemsSql != null && itemRows != null) {
      readItems(connection, trace.in(itemsSql), itemRows, items);
      metrics.took(Phase.ITEMS, began);
    }
    return new Page(layout, events, reached, more);
  }

  private boolean readOrders(
      Connection connection,
      Map<Integer, ShardOffset> positions,
      ReadTrace trace,
      List<OrderEvent> events,
      OrderItems items,
      Map<Integer, ShardOffset> reached)
      throws SQLException {
    boolean more = false;
    try (PreparedStatement statement = connection.prepareStatement(trace.in(sql.orders()))) {
      OffsetsSql.bind(connection, statement, positions);
      int ofShard = 0;
      int previous = -1;
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          trace.found();
          int shard = rows.getInt(1);
          ShardOffset before = Objects.requireNonNull(positions.get(shard));
          ShardOffset position =
              before.at(Long.parseLong(rows.getString(2)), orderRows.idText(rows));
          reached.put(shard, position);
          ofShard = shard == previous ? ofShard + 1 : 1;
          previous = shard;
          more |= (sql.marks() ? rows.getInt(6) : ofShard) == perShard;
          int what = sql.marks() ? rows.getInt(4) : TOLD;
          if (what == TOLD) {
            OrderEvent event = event(rows, shard, position, items);
            trace.order(event.order());
            events.add(event);
          } else if (what == DELETED) {
            events.add(deleted(rows, shard, position));
          }
        }
      }
    }
    return more;
  }

  private OrderEvent event(ResultSet row, int shard, ShardOffset position, OrderItems items)
      throws SQLException {
    List<@Nullable Object> values = orderRows.read(row);
    Object id = orderRows.requireIdOf(values);
    return new OrderEvent(
        partition(shard),
        position,
        id,
        version(values, position),
        position.kind(),
        commitTime(row),
        values,
        items.expect(id));
  }

  private OrderEvent deleted(ResultSet row, int shard, ShardOffset position) throws SQLException {
    long kept = row.getLong(5);
    long version = row.wasNull() ? position.version() : kept;
    return new OrderEvent(
        partition(shard),
        position,
        orderRows.requireIdOf(orderRows.read(row)),
        version,
        OrderEvent.Kind.DELETE,
        commitTime(row),
        List.of(),
        List.of());
  }

  private Map<String, Object> partition(int shard) {
    return partitions.computeIfAbsent(shard, number -> Shards.partition(orders, number));
  }

  private static @Nullable Long commitTime(ResultSet row) throws SQLException {
    long committedAt = row.getLong(3);
    return row.wasNull() ? null : (Long) committedAt;
  }

  private long version(List<@Nullable Object> values, ShardOffset position) {
    return versionIndex < 0
        ? position.version()
        : ((Number) Objects.requireNonNull(values.get(versionIndex))).longValue();
  }

  private void readItems(Connection connection, String itemsSql, OrderRows reader, OrderItems items)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(itemsSql)) {
      statement.setArray(1, items.ids(connection, layout.idType()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          List<@Nullable Object> item = reader.read(rows);
          Object orderId = reader.requireIdOf(item);
          if (!items.add(orderId, item)) {
            throw new IllegalStateException("Items of an order that was not asked for: " + orderId);
          }
        }
      }
    }
  }
}
