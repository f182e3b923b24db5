package io.orderflow.source.log.change;

import io.orderflow.source.log.change.OrderCache.CachedOrder;
import io.orderflow.source.log.pgoutput.LogMessage.Relation;
import io.orderflow.source.log.pgoutput.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order while row changes are applied to it. Each method that applies a change returns false if
 * the change does not fit the state: then the order has to be looked up.
 */
final class OrderState {

  private final RowDecoder orderDecoder;
  private final @Nullable RowDecoder itemDecoder;

  /** Null while the order does not exist. */
  private @Nullable List<@Nullable Object> values;

  private final List<List<@Nullable Object>> items;

  /**
   * Starts with a known order.
   *
   * @param itemDecoder null if orders have no items table
   * @param before null to start without an order
   */
  OrderState(
      RowDecoder orderDecoder, @Nullable RowDecoder itemDecoder, @Nullable CachedOrder before) {
    this.orderDecoder = orderDecoder;
    this.itemDecoder = itemDecoder;
    values = before == null ? null : before.values();
    items = before == null ? new ArrayList<>(4) : new ArrayList<>(before.items());
  }

  /** The order's values; null if it does not exist. */
  @Nullable List<@Nullable Object> values() {
    return values;
  }

  /** The items' values. */
  List<List<@Nullable Object>> items() {
    return items;
  }

  boolean insertOrder(Relation relation, Tuple row) {
    boolean isNew = values == null;
    values = orderDecoder.decode(relation, row, null);
    return isNew && values != null;
  }

  boolean updateOrder(Relation relation, Tuple row) {
    boolean exists = values != null;
    values = orderDecoder.decode(relation, row, values);
    return exists && values != null;
  }

  boolean deleteOrder() {
    boolean exists = values != null;
    values = null;
    return exists;
  }

  boolean insertItem(Relation relation, Tuple row) {
    List<@Nullable Object> item =
        itemDecoder == null ? null : itemDecoder.decode(relation, row, null);
    return item != null && items.add(item);
  }

  boolean updateItem(Relation relation, Tuple key, Tuple row) {
    int index = itemDecoder == null ? -1 : itemDecoder.indexOf(relation, key, items);
    if (itemDecoder == null || index < 0) {
      return false;
    }
    List<@Nullable Object> item = itemDecoder.decode(relation, row, items.get(index));
    if (item == null) {
      return false;
    }
    items.set(index, item);
    return true;
  }

  boolean deleteItem(Relation relation, Tuple key) {
    int index = itemDecoder == null ? -1 : itemDecoder.indexOf(relation, key, items);
    if (index < 0) {
      return false;
    }
    items.remove(index);
    return true;
  }
}
