package io.orderflow.source.read;

import io.orderflow.common.database.OrderIdType;
import io.orderflow.source.event.OrderKey;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists of items, one for each order that was read; they fill up while items are read. */
public final class OrderItems {

  private final Map<Object, List<List<@Nullable Object>>> lists = new HashMap<>();

  private Object previous = this;
  private @Nullable List<List<@Nullable Object>> ofPrevious;

  /** An order's list, which is empty yet. */
  public List<List<@Nullable Object>> expect(Object orderId) {
    List<List<@Nullable Object>> items = new ArrayList<>(4);
    lists.put(OrderKey.of(orderId), items);
    return items;
  }

  /** Adds an item to its order's list; false where that order is not expected. */
  public boolean add(Object orderId, List<@Nullable Object> item) {
    // Items of one order come together.
    if (!orderId.equals(previous)) {
      previous = orderId;
      ofPrevious = lists.get(OrderKey.of(orderId));
    }
    if (ofPrevious == null) {
      return false;
    }
    ofPrevious.add(item);
    return true;
  }

  /** The IDs of all orders that are expected, as {@link OrderSql} takes them. */
  public Array ids(Connection connection, OrderIdType type) throws SQLException {
    return ids(connection, type, lists.keySet());
  }

  static Array ids(Connection connection, OrderIdType type, Collection<?> ids) throws SQLException {
    return switch (type) {
      case BIGINT, INTEGER ->
          connection.createArrayOf("int8", ids.stream().map(OrderKey::of).toArray());
      case UUID, TEXT -> connection.createArrayOf("text", ids.toArray());
    };
  }
}
