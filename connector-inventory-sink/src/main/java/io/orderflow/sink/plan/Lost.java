package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockItem;
import java.util.SortedMap;
import java.util.TreeMap;

/** Effects of orders that stock does not contain any more, since its rows were replaced. */
final class Lost {

  private Lost() {}

  /**
   * The effects that stock does not contain any more. Others keep {@code reserved} at their sum at
   * least, and a receipt creates its row.
   */
  static SortedMap<StockItem, Effect> of(SortedMap<StockItem, Effect> before, RunningStock stock) {
    SortedMap<StockItem, Effect> lost = new TreeMap<>();
    before.forEach(
        (item, effect) -> {
          Stock now = stock.at(item);
          boolean isLost =
              now == null
                  ? effect.onHand() > 0 || exceeds(effect, Stock.EMPTY)
                  : exceeds(effect, now);
          if (isLost) {
            lost.put(item, effect);
          }
        });
    return lost;
  }

  private static boolean exceeds(Effect effect, Stock now) {
    return now.reserved() < effect.reserved()
        || now.unavailable() < effect.unavailable()
        || now.incoming() < effect.incoming();
  }

  /** The effects of both. */
  static SortedMap<StockItem, Effect> union(
      SortedMap<StockItem, Effect> some, SortedMap<StockItem, Effect> others) {
    if (others.isEmpty()) {
      return some;
    }
    SortedMap<StockItem, Effect> union = new TreeMap<>(some);
    union.putAll(others);
    return union;
  }
}
