package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import java.util.Collections;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one order.
 *
 * @param effects by SKU, all that the order does to stock from now on; none only where all of the
 *     SKU is backordered
 * @param backordered by SKU, how much more the order wants than it could reserve, each more than 0;
 *     all of them are in effects as well
 */
public record Outcome(
    Object orderId,
    long version,
    State state,
    @Nullable Reason reason,
    SortedMap<String, Effect> effects,
    SortedMap<String, Long> backordered) {

  /** With nothing backordered. */
  Outcome(
      Object orderId,
      long version,
      State state,
      @Nullable Reason reason,
      SortedMap<String, Effect> effects) {
    this(orderId, version, state, reason, effects, Collections.emptySortedMap());
  }
}
