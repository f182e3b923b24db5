package io.orderflow.source.log.change;

import java.util.List;

/**
 * A committed transaction of the shop database.
 *
 * @param xid the lower 32 bits of its ID
 * @param commitLsn where its commit stands in the log: grows from transaction to transaction
 * @param endLsn where the log goes on after it
 * @param committedAt milliseconds since the epoch
 * @param bytes of its messages
 * @param orders by order, in the order of their first changes
 * @param truncated which of the shop's tables it emptied
 * @param reshaped whether it is the first one in which a table's columns are told, or told anew
 */
public record DatabaseTransaction(
    long xid,
    long commitLsn,
    long endLsn,
    long committedAt,
    long bytes,
    List<OrderChange> orders,
    Truncated truncated,
    boolean reshaped) {

  /** Tables that were emptied as a whole, whose rows the log does not list. */
  public enum Truncated {
    NOTHING,
    /** All orders lost their items. */
    ITEMS,
    /** All orders are gone. */
    ORDERS
  }
}
