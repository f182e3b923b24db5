package io.orderflow.source.log.change;

import io.orderflow.source.offset.TransactionSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an order is known to be, from its own changes or from a look-up.
 *
 * @param values of its row, in the columns' order; null where it is deleted
 * @param items for each item its values, in the columns' order
 * @param shows null where all of it is from the log, up to the change told last; else the snapshot
 *     of the look-up, which shows some of the changes that are still to come in the log
 * @param told the version that was told last; -1 where none is known
 */
record CachedOrder(
    @Nullable List<@Nullable Object> values,
    List<List<@Nullable Object>> items,
    @Nullable TransactionSnapshot shows,
    long told) {

  static final long NONE = -1;

  /** Whether a change is in it already. */
  boolean contains(long xid) {
    return shows != null && shows.visible32(xid);
  }

  /** A list to change, so that what was told stays as it is. */
  List<List<@Nullable Object>> itemsToChange() {
    return new ArrayList<>(items);
  }

  CachedOrder toldAs(long version) {
    return new CachedOrder(values, items, shows, version);
  }
}
