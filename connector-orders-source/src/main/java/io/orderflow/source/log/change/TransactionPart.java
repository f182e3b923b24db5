package io.orderflow.source.log.change;

import io.orderflow.source.offset.LogOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Consecutive orders of a transaction: all of them, unless the transaction spans batches or capture
 * resumes within it.
 *
 * @param from the index of the first order
 * @param to the index after the last order
 */
public record TransactionPart(DatabaseTransaction transaction, int from, int to) {

  /** The number of orders. */
  public int size() {
    return to - from;
  }

  /** Whether orders of this part have to be looked up by references of watched tables. */
  public boolean hasReferences() {
    return isLast() && !transaction.references().isEmpty();
  }

  /**
   * The part once the orders of the transaction's references are found. It contains all of them,
   * since a part that ended among them could not be found again after a restart.
   *
   * @param orderIds as text
   */
  public TransactionPart withReferenced(Collection<String> orderIds) {
    DatabaseTransaction found = transaction.withReferenced(orderIds);
    return new TransactionPart(found, from, found.orders().size());
  }

  /** Whether this is the last part of its transaction. */
  public boolean isLast() {
    return to == transaction.orders().size();
  }

  /**
   * Divides transactions into batches of at most {@code maxOrders} orders, without the orders that
   * are already emitted.
   *
   * @param offset the end of the emitted events
   */
  public static List<List<TransactionPart>> batches(
      List<DatabaseTransaction> transactions, LogOffset offset, int maxOrders) {
    List<List<TransactionPart>> batches = new ArrayList<>();
    int room = 0;
    for (DatabaseTransaction transaction : transactions) {
      int from =
          transaction.commitLsn().equals(offset.lsn()) ? (int) offset.emittedInTransaction() : 0;
      int end = transaction.orders().size();
      from = Math.min(from, end);
      boolean hasReferences = !transaction.references().isEmpty();
      while (from < end || hasReferences) {
        if (room == 0) {
          batches.add(new ArrayList<>());
          room = maxOrders;
        }
        int to = Math.min(end, from + room);
        batches.get(batches.size() - 1).add(new TransactionPart(transaction, from, to));
        room -= to - from;
        from = to;
        if (hasReferences && to == end) {
          // The references of a transaction are never split, and follow its other orders.
          room = Math.max(0, room - transaction.references().size());
          hasReferences = false;
        }
      }
    }
    return batches;
  }
}
