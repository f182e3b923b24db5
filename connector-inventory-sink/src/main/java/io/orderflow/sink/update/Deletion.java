package io.orderflow.sink.update;

import java.util.Collections;
import java.util.SortedMap;

/**
 * A tombstone: the order was deleted in the source database. Its reservations are released.
 *
 * @param version {@link #FINAL} if the tombstone has none
 */
public record Deletion(Object orderId, long version) implements EffectsUpdate {

  /**
   * The version of a deletion without one. No version is newer, so the order never returns: a new
   * order of this ID could not be distinguished from a late event of the old one.
   */
  public static final long FINAL = Long.MAX_VALUE;

  @Override
  public SortedMap<StockItem, Effect> effects() {
    return Collections.emptySortedMap();
  }
}
