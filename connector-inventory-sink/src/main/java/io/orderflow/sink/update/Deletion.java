package io.orderflow.sink.update;

import java.util.Collections;
import java.util.SortedMap;

/**
 * The order is gone from the shop: a tombstone. What it had reserved is released.
 *
 * @param version {@link #FINAL} where the tombstone came without one
 */
public record Deletion(Object orderId, long version) implements StockUpdate {

  /**
   * The version of a deletion that names none. Nothing is newer, so the order never comes back:
   * without a version there is no telling a new order of this ID from a late event of the old one.
   */
  public static final long FINAL = Long.MAX_VALUE;

  @Override
  public SortedMap<String, Effect> effects() {
    return Collections.emptySortedMap();
  }
}
