package io.orderflow.source.log.snapshot;

import io.orderflow.source.event.OrderKey;
import io.orderflow.source.event.OrderSnapshot;
import io.orderflow.source.offset.Lsn;
import io.orderflow.source.offset.TransactionSnapshot;
import io.orderflow.source.schema.OrderSchema;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A range of orders, as one database snapshot shows them.
 *
 * @param number counted from 0 since the initial snapshot started or resumed
 * @param highWatermark a log position after the commits of all transactions that the snapshot shows
 * @param readAt the server's time when the snapshot was taken, in milliseconds since the epoch
 * @param schema the schema of the orders' values
 * @param orders in the order of their IDs
 * @param lastId the initial snapshot is complete up to this order ID; null in the last chunk
 */
record Chunk(
    long number,
    TransactionSnapshot snapshot,
    Lsn highWatermark,
    long readAt,
    OrderSchema schema,
    List<OrderSnapshot> orders,
    @Nullable String lastId) {

  boolean isLast() {
    return lastId == null;
  }

  /** This chunk without the orders that have one of the {@link OrderKey keys}. */
  Chunk without(Set<Object> keys) {
    if (keys.isEmpty()) {
      return this;
    }
    List<OrderSnapshot> rest =
        orders.stream().filter(order -> !keys.contains(OrderKey.of(order.id()))).toList();
    return new Chunk(number, snapshot, highWatermark, readAt, schema, rest, lastId);
  }
}
