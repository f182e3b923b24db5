package io.orderflow.source.log.change;

import io.orderflow.source.offset.Lsn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A committed transaction of the source database.
 *
 * @param xid the lower 32 bits of its ID
 * @param commitLsn the position of its commit, which increases from transaction to transaction
 * @param endLsn the position after it
 * @param committedAt milliseconds since the epoch
 * @param bytes the size of its messages, counted up to the limit of what is kept of a transaction
 * @param orders its changes by order, sorted by the first change of each
 * @param references of changed rows of watched tables, whose orders have to be looked up; they
 *     follow the other orders
 * @param truncated the captured tables that it truncated
 */
public record DatabaseTransaction(
    long xid,
    Lsn commitLsn,
    Lsn endLsn,
    long committedAt,
    long bytes,
    List<OrderChange> orders,
    List<WatchReference> references,
    Truncated truncated) {

  /**
   * The transaction once the orders of its references are found: those that it has not changed
   * itself follow the others, as changes of no row.
   *
   * @param orderIds as text
   */
  public DatabaseTransaction withReferenced(Collection<String> orderIds) {
    Set<String> referenced = new LinkedHashSet<>(orderIds);
    orders.forEach(change -> referenced.remove(change.orderId()));
    List<OrderChange> all = new ArrayList<>(orders);
    referenced.forEach(id -> all.add(OrderChange.ofReference(id)));
    return new DatabaseTransaction(
        xid, commitLsn, endLsn, committedAt, bytes, all, List.of(), truncated);
  }

  /** How many orders it names, those of its references included. */
  public int size() {
    return orders.size() + references.size();
  }

  /** The order IDs, as text, in the order of {@link #orders}. */
  public List<String> orderIds() {
    return orders.stream().map(OrderChange::orderId).toList();
  }

  /** Tables that were truncated; the log does not list their rows. */
  public enum Truncated {
    NOTHING,
    /** Orders lost the rows of a watched table. */
    WATCHED,
    /** All orders lost their items. */
    ITEMS,
    /** All orders are deleted. */
    ORDERS;

    /** The worse of two. */
    Truncated and(Truncated other) {
      return compareTo(other) < 0 ? other : this;
    }
  }
}
