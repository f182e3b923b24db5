package io.orderflow.source.log.change;

import io.orderflow.source.log.change.OrderCache.CachedOrder;
import io.orderflow.source.log.pgoutput.LogMessage.OldRow;
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
  private final CachedOrder before;

  /** Null while the order does not exist. */
  private @Nullable List<@Nullable Object> values;

  private final List<List<@Nullable Object>> items;

  /**
   * Starts with a known order.
   *
   * @param itemDecoder null if orders have no items table
   */
  OrderState(RowDecoder orderDecoder, @Nullable RowDecoder itemDecoder, CachedOrder before) {
    this.orderDecoder = orderDecoder;
    this.itemDecoder = itemDecoder;
    this.before = before;
    values = before.values();
    items = new ArrayList<>(Math.max(4, before.items().size()));
    items.addAll(before.items());
  }

  /** The order after the changes. */
  CachedOrder after() {
    boolean deleted = before.exists() && values == null;
    return new CachedOrder(
        values,
        items,
        before.lookedUpIn(),
        deleted ? OrderChange.NO_VERSION : before.emittedVersion(),
        before.isEmitted(),
        false);
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

  boolean updateItem(Relation relation, @Nullable OldRow old, Tuple row) {
    if (itemDecoder == null) {
      return false;
    }
    int index = old == null ? itemDecoder.indexOfKey(relation, row, items) : indexOf(relation, old);
    if (index < 0) {
      return false;
    }
    List<@Nullable Object> item = itemDecoder.decode(relation, row, items.get(index));
    if (item == null) {
      return false;
    }
    items.set(index, item);
    return true;
  }

  boolean deleteItem(Relation relation, OldRow old) {
    int index = indexOf(relation, old);
    if (index < 0) {
      return false;
    }
    items.remove(index);
    return true;
  }

  private int indexOf(Relation relation, OldRow old) {
    if (itemDecoder == null) {
      return -1;
    }
    return old.kind() == OldRow.Kind.FULL
        ? itemDecoder.indexOfRow(relation, old.tuple(), items)
        : itemDecoder.indexOfKey(relation, old.tuple(), items);
  }
}
