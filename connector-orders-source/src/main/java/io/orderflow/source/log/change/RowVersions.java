package io.orderflow.source.log.change;

import io.orderflow.source.log.pgoutput.OldRow;
import io.orderflow.source.log.pgoutput.Tuple;
import org.jspecify.annotations.Nullable;

/** What versions the shop gave an order within one change, for one layout of the tables. */
record RowVersions(Replay replay, Versions versions) {

  /** The last one; -1 where it is not known, or the shop keeps none. */
  long of(OrderChange change) {
    long version = CachedOrder.NONE;
    for (RowChange step : change.steps()) {
      if (step instanceof RowChange.OrderPlaced placed) {
        version = of(step, placed.row(), version);
      } else if (step instanceof RowChange.OrderChanged changed) {
        version = of(step, changed.row(), version);
      }
    }
    return version;
  }

  /**
   * The greatest one that the order had when it was deleted.
   *
   * @param told the last version that was told of it; -1 for none
   */
  long ofDeleted(OrderChange change, long told) {
    long last = told;
    for (RowChange step : change.steps()) {
      if (step instanceof RowChange.OrderDeleted deletion
          && deletion.old().kind() == OldRow.Kind.WHOLE) {
        last = Math.max(last, of(step, deletion.old().tuple(), last));
      }
    }
    return last;
  }

  private long of(RowChange step, Tuple row, long otherwise) {
    @Nullable Object value = versions.kept() ? replay.order(step, row, versions.column()) : null;
    return value instanceof Number number ? number.longValue() : otherwise;
  }
}
