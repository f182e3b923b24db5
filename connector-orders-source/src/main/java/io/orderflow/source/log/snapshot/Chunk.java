package io.orderflow.source.log.snapshot;

import io.orderflow.source.event.OrderKey;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.read.OrderSnapshot;
import io.orderflow.source.schema.OrderSchema;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A range of orders, as one snapshot shows them, without those that the stream tells since the load
 * began.
 *
 * @param number counted from 0 since the load began or went on
 * @param highLsn place of the log that is past all that the snapshot shows
 * @param layout the tables' layout that the orders' values follow
 * @param orders in the order of their IDs
 * @param lastId everything is loaded up to this order ID; null in the last chunk
 */
public record Chunk(
    long number,
    TransactionSnapshot snapshot,
    long highLsn,
    OrderSchema layout,
    List<OrderSnapshot> orders,
    @Nullable String lastId) {

  /** Whether everything is loaded with it. */
  public boolean last() {
    return lastId == null;
  }

  /** The same without some orders, by their {@link OrderKey keys}. */
  Chunk without(Set<Object> keys) {
    if (keys.isEmpty()) {
      return this;
    }
    List<OrderSnapshot> rest =
        orders.stream().filter(order -> !keys.contains(OrderKey.of(order.id()))).toList();
    return new Chunk(number, snapshot, highLsn, layout, rest, lastId);
  }
}
