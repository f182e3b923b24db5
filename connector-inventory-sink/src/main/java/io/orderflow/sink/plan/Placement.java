package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockItem;
import java.util.Collections;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The effects of an order's lines at the locations that were named or chosen.
 *
 * @param effects without {@link Effect#NONE}, except for an item that is backordered entirely
 * @param backordered the quantity that found no location, more than 0; each of these items is in
 *     effects as well
 * @param obstacle why lines could not be placed, which effects then lack; null if all are placed
 */
record Placement(
    SortedMap<StockItem, Effect> effects,
    SortedMap<StockItem, Long> backordered,
    @Nullable Reason obstacle) {

  static Placement failed(Reason obstacle) {
    return new Placement(Collections.emptySortedMap(), Collections.emptySortedMap(), obstacle);
  }
}
