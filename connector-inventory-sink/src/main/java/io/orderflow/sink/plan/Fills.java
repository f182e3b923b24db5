package io.orderflow.sink.plan;

import io.orderflow.sink.update.InventoryUpdate;
import io.orderflow.sink.update.StockItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Gives stock that has come to the orders that wait for it. */
public final class Fills {

  /**
   * An order that waits.
   *
   * @param wish all that its version wants
   * @param known its stored outcome, of the same version
   */
  public record Waiting(InventoryUpdate wish, Outcome known) {}

  private Fills() {}

  /**
   * Decides orders again, one after the other. An order gets what its version would get now, if
   * that is more than it has; otherwise it keeps that. So it is filled as a whole, or with {@link
   * ReservationPolicy#PARTIAL} in parts.
   *
   * @param waiting the order that comes first is served first
   * @param stock by item, the rows of {@link StockNeeds}
   * @return with outcomes of those that get something, of the same versions, and with what each of
   *     them all still waits for
   */
  public static Plan plan(
      ReservationRules rules, List<Waiting> waiting, Map<StockItem, Stock> stock) {
    RunningStock running = new RunningStock(stock);
    Planner planner = new Planner(rules, running);
    List<Outcome> outcomes = new ArrayList<>();
    List<Backorder> backorders = new ArrayList<>();
    for (Waiting order : waiting) {
      Outcome known = order.known();
      running.beginUndo();
      Outcome decided = planner.fit(order.wish(), known);
      boolean getsMore =
          decided.state() == State.RESERVED
              || (decided.state() == State.PARTIALLY_RESERVED
                  && decided.reserved() > known.reserved());
      Outcome outcome = known;
      if (getsMore) {
        Outcome filled = decided.state() == State.RESERVED ? decided.filled() : decided;
        outcome = filled.expiringAt(known.expiresAt());
        outcomes.add(outcome);
      } else {
        running.undo();
      }
      Backorder rest = Backorder.of(order.wish(), outcome, rules, running);
      if (rest != null) {
        backorders.add(rest);
      }
    }
    return running.plan(outcomes, backorders);
  }
}
