package io.orderflow.source.log.change;

import io.orderflow.source.offset.Lsn;
import io.orderflow.source.schema.OrderSchema;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Versions of orders under one schema: from the version column, or else log positions. */
public final class OrderVersions {

  private final int column;

  /** Finds the version column of a schema. */
  public OrderVersions(OrderSchema schema) {
    String name = schema.version();
    column = name == null ? -1 : schema.orders().indexOf(name).orElseThrow();
  }

  /** Whether the database keeps versions in a column. */
  boolean areKept() {
    return column >= 0;
  }

  /**
   * The version of an order.
   *
   * @param lsn the log position of this state of the order
   * @param values the order's values, in the order of the schema's columns
   */
  public long of(Lsn lsn, List<@Nullable Object> values) {
    return areKept()
        ? ((Number) Objects.requireNonNull(values.get(column))).longValue()
        : lsn.value();
  }

  /**
   * The version of a deletion, which is greater than the order's last version; {@link
   * OrderChange#NO_VERSION} if that is unknown.
   *
   * @param emitted the version of the order that was emitted last
   */
  long ofDeletion(DatabaseTransaction transaction, OrderChange change, long emitted) {
    if (!areKept()) {
      return transaction.commitLsn().value();
    }
    long last = Math.max(emitted, change.deletedVersion());
    return last == OrderChange.NO_VERSION ? last : last + 1;
  }
}
