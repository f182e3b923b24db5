package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockUpdate;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What a batch does to the warehouse: to be written in one transaction, together with the claims it
 * was made from.
 *
 * @param outcomes one for each update, in the same order
 * @param stockChanges by SKU, the sum of what changes; nothing that is none
 * @param newSkus received, and not in stock before: their rows are to be created, even where
 *     stockChanges has nothing for them because all of it left again in this batch
 */
public record Plan(
    List<Outcome> outcomes, SortedMap<String, Effect> stockChanges, SortedSet<String> newSkus) {

  /**
   * Decides the updates one after the other, each on the stock that those before it have left. An
   * update fits if for every SKU it touches {@code 0 <= reserved <= on hand} afterwards. One that
   * does not fit changes its order to having no effect at all, or, where not even that fits, leaves
   * its effects as they are. With {@link ReservationPolicy#PARTIAL}, a RESERVE that does not fit
   * takes of each SKU what is there, if anything is.
   *
   * @param claimed newer than what is stored; each order once
   * @param before by order, what it does to stock so far, by SKU; orders without any effect may be
   *     absent
   * @param stock every SKU of claimed and before that has a row
   */
  public static Plan of(
      ReservationPolicy policy,
      List<? extends StockUpdate> claimed,
      Map<Object, ? extends SortedMap<String, Effect>> before,
      Map<String, Stock> stock) {
    Planner planner = new Planner(policy, stock);
    for (StockUpdate update : claimed) {
      planner.decide(update, before.get(update.orderId()));
    }
    return planner.plan();
  }
}
