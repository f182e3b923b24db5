package io.orderflow.source.log.tell;

import io.orderflow.source.log.assembly.OrderChange;
import io.orderflow.source.log.assembly.Step;
import io.orderflow.source.log.protocol.OldRow;
import io.orderflow.source.log.protocol.Tuple;
import org.jspecify.annotations.Nullable;

/** What versions the shop gave an order within one change, for one layout of the tables. */
record ShopVersions(Replay replay, Versions versions) {

  /** The last one; -1 where it is not known, or the shop keeps none. */
  long of(OrderChange change) {
    long version = KnownOrder.NONE;
    for (Step step : change.steps()) {
      if (step instanceof Step.OrderPlaced placed) {
        version = of(step, placed.row(), version);
      } else if (step instanceof Step.OrderChanged changed) {
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
    for (Step step : change.steps()) {
      if (step instanceof Step.OrderDeleted deletion
          && deletion.old().kind() == OldRow.Kind.WHOLE) {
        last = Math.max(last, of(step, deletion.old().tuple(), last));
      }
    }
    return last;
  }

  private long of(Step step, Tuple row, long otherwise) {
    @Nullable Object value = versions.kept() ? replay.order(step, row, versions.column()) : null;
    return value instanceof Number number ? number.longValue() : otherwise;
  }
}
