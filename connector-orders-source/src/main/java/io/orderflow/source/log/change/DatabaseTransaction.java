package io.orderflow.source.log.change;

import io.orderflow.source.offset.Lsn;
import java.util.List;

/**
 * A committed transaction of the source database.
 *
 * @param xid the lower 32 bits of its ID
 * @param commitLsn the position of its commit, which increases from transaction to transaction
 * @param endLsn the position after it
 * @param committedAt milliseconds since the epoch
 * @param bytes the size of its messages, counted up to the limit of what is kept of a transaction
 * @param orders its changes by order, sorted by the first change of each
 * @param truncated the captured tables that it truncated
 */
public record DatabaseTransaction(
    long xid,
    Lsn commitLsn,
    Lsn endLsn,
    long committedAt,
    long bytes,
    List<OrderChange> orders,
    Truncated truncated) {

  /** The order IDs, as text, in the order of {@link #orders}. */
  public List<String> orderIds() {
    return orders.stream().map(OrderChange::orderId).toList();
  }

  /** Tables that were truncated; the log does not list their rows. */
  public enum Truncated {
    NOTHING,
    /** All orders lost their items. */
    ITEMS,
    /** All orders are deleted. */
    ORDERS
  }
}
