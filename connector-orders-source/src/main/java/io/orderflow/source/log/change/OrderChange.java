package io.orderflow.source.log.change;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one transaction to one order, its row and its items.
 *
 * @param orderId as text, see {@link io.orderflow.source.schema.OrderIdText}
 * @param rows in the order in which they were made; empty if only a row of a watched table changed
 * @param complete false if the row changes were not kept, or do not show the whole change: then
 *     {@code rows} contains at most a deletion, and the order has to be looked up
 * @param writtenVersion the last version that it wrote to the order's row; {@link #NO_VERSION} if
 *     it wrote none, or the database keeps none
 * @param deletedVersion the greatest version among the rows of the order that it deleted; {@link
 *     #NO_VERSION} if that is not in the log
 */
record OrderChange(
    String orderId,
    List<RowChange> rows,
    boolean complete,
    long writtenVersion,
    long deletedVersion) {

  static final long NO_VERSION = -1;

  /** The change of an order by a row of a watched table. */
  static OrderChange ofReference(String orderId) {
    return new OrderChange(orderId, List.of(), false, NO_VERSION, NO_VERSION);
  }

  /** Whether the order is deleted after the transaction. */
  boolean isDeletion() {
    return lastDeletion(rows) != null;
  }

  /** Whether the transaction inserts the order, so that these changes contain its whole state. */
  boolean isInsertion() {
    return rows.stream().anyMatch(RowChange.OrderInserted.class::isInstance)
        && rows.stream().allMatch(row -> row.deletedOrder() == null);
  }

  /**
   * Keeps only a deletion, since a look-up cannot distinguish a deleted order from one that never
   * existed.
   */
  static List<RowChange> onlyDeletion(List<RowChange> rows) {
    List<RowChange> kept = new ArrayList<>(1);
    RowChange deletion = lastDeletion(rows);
    if (deletion != null) {
      kept.add(deletion);
    }
    return kept;
  }

  /** The deletion of the order that no later change reversed; null if there is none. */
  private static @Nullable RowChange lastDeletion(List<RowChange> rows) {
    RowChange deletion = null;
    for (RowChange row : rows) {
      if (row.deletedOrder() != null) {
        deletion = row;
      } else if (row.writtenOrder() != null) {
        deletion = null;
      }
    }
    return deletion;
  }
}
