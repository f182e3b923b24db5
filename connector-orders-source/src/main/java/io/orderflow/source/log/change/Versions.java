package io.orderflow.source.log.change;

import io.orderflow.source.schema.OrderSchema;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Versions of orders, for one layout: of a column, or of the log. */
public final class Versions {

  private final int column;

  public Versions(OrderSchema layout) {
    String name = layout.version();
    column = name == null ? -1 : layout.orders().indexOf(name).orElseThrow();
  }

  /** Where the shop's versions are among the columns of the order; -1 where it keeps none. */
  int column() {
    return column;
  }

  /** Whether the shop keeps versions itself. */
  boolean kept() {
    return column >= 0;
  }

  long of(DatabaseTransaction transaction, List<@Nullable Object> values) {
    return of(transaction.commitLsn(), values);
  }

  /**
   * The version of an order.
   *
   * @param lsn where the log stands with it
   * @param values the order's, in the columns' order
   */
  public long of(long lsn, List<@Nullable Object> values) {
    return kept() ? ((Number) Objects.requireNonNull(values.get(column))).longValue() : lsn;
  }

  /** Of a deletion: it is newer than the order was; -1 where that is not known. */
  long ofDeletion(DatabaseTransaction transaction, long last) {
    if (!kept()) {
      return transaction.commitLsn();
    }
    return last == CachedOrder.NONE ? CachedOrder.NONE : last + 1;
  }
}
