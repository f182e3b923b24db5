package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.EffectsUpdate;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.InventoryUpdate;
import io.orderflow.sink.update.Keep;
import io.orderflow.sink.update.StockDocument;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.update.StockUpdate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Plans a batch: the stock after the updates decided so far, and their outcomes. */
public final class Planner {

  private static final SortedMap<StockItem, Effect> NOTHING = Collections.emptySortedMap();

  private final ReservationRules rules;
  private final RunningStock stock;
  private final List<Backorder> backorders = new ArrayList<>();
  private final Sourcing sourcing;
  private final Documents documents;

  Planner(ReservationRules rules, RunningStock stock) {
    this.rules = rules;
    this.stock = stock;
    this.sourcing = new Sourcing(rules.locations(), stock);
    this.documents = new Documents(rules.locations(), stock);
  }

  /**
   * Decides updates one after the other, each on the stock that the ones before it have left.
   *
   * <p>An update fits if afterwards, of each item that it touches, what is reserved and what is
   * unavailable are not more than what is on hand, and a reservation leaves the safety stock; it
   * may exceed what is on hand by the item's oversell allowance. If more is reserved already, since
   * goods were found to be missing, it must not become worse. An adjustment or a hold states a
   * fact: it fits unless it takes away what is not there. An update that does not fit leaves its
   * order only with what has been shipped of it or, if not even that fits, with the effects that it
   * had. Those also remain if what has been shipped fits but for goods that are unavailable:
   * released, it would be sold again. With {@link ReservationPolicy#PARTIAL}, a RESERVE that does
   * not fit reserves of each SKU what is available, if anything is.
   *
   * <p>An effect is lost if its stock row was deleted, or imported again without it: it cannot be
   * taken back. The order keeps it, so that the difference remains visible, and otherwise is
   * treated as if it did not have it.
   *
   * <p>Lines that name no location get one by the {@link LocationRules}; see {@link Sourcing}.
   *
   * @param updates newer than what is stored, and at most one for each order
   * @param before by order, its stored outcome; new orders are absent
   * @param stock by item, the rows of {@link StockNeeds}
   * @param queues orders that wait, whose stock is kept from others
   */
  public static Plan plan(
      ReservationRules rules,
      List<? extends StockUpdate> updates,
      Map<Object, Outcome> before,
      Map<StockItem, Stock> stock,
      Queues queues) {
    Planner planner = new Planner(rules, new RunningStock(stock, queues));
    List<Outcome> outcomes = new ArrayList<>(updates.size());
    for (StockUpdate update : updates) {
      Outcome known = before.get(update.orderId());
      outcomes.add(
          update instanceof Keep keep
              ? planner.keep(keep, known)
              : planner.decide((EffectsUpdate) update, known, update.version()));
      planner.stock.withheld().update();
    }
    return planner.stock.plan(outcomes, planner.backorders);
  }

  /** The same if nobody waits. */
  public static Plan plan(
      ReservationRules rules,
      List<? extends StockUpdate> updates,
      Map<Object, Outcome> before,
      Map<StockItem, Stock> stock) {
    return plan(rules, updates, before, stock, Queues.NONE);
  }

  /**
   * Releases what orders have reserved because their time is over. What was shipped of them stays
   * shipped, and effects that are lost are kept, as above.
   *
   * @param due the stored outcomes of the orders
   * @param stock by item, the rows of {@link StockNeeds}
   * @return with one outcome for each of the orders, of the same version and in the same order
   */
  public static Plan expire(
      ReservationRules rules, List<Outcome> due, Map<StockItem, Stock> stock) {
    Planner planner = new Planner(rules, new RunningStock(stock));
    return planner.stock.plan(due.stream().map(planner::expire).toList(), List.of());
  }

  private Outcome expire(Outcome order) {
    SortedMap<StockItem, Effect> remaining =
        Expiry.remaining(order.effects(), Lost.of(order.effects(), stock));
    stock.apply(Change.between(order.effects(), remaining));
    return new Outcome(order.orderId(), order.version(), State.EXPIRED, null, remaining);
  }

  private Outcome keep(Keep keep, @Nullable Outcome known) {
    EffectsUpdate earlier = keep.earlier();
    if (earlier != null && (known == null || known.version() < earlier.version())) {
      return decide(earlier, known, keep.version());
    }
    if (known == null) {
      return new Outcome(keep.orderId(), keep.version(), State.KEPT, null, NOTHING);
    }
    Outcome kept = known.keptBy(keep.version());
    if (rules.backorders() && kept.lacksStock()) {
      backorders.add(Backorder.keeping(kept));
    }
    return kept;
  }

  /**
   * Decides an update.
   *
   * @param version of the outcome: that of the update, or of a later one that keeps its effects
   */
  private Outcome decide(EffectsUpdate update, @Nullable Outcome known, long version) {
    if (known != null) {
      stock.withheld().lift(known.effects());
    }
    Outcome own = Expiry.complete(rules, update, known, fit(update, known));
    Outcome decided = own.version() == version ? own : own.keptBy(version);
    if (rules.backorders() && isReservation(update)) {
      Backorder backorder = Backorder.of((InventoryUpdate) update, decided, rules, stock);
      if (backorder != null) {
        backorders.add(backorder);
        backorder.lackingSkus().forEach(stock.withheld()::join);
      }
    }
    return decided;
  }

  private static boolean isReservation(EffectsUpdate update) {
    return update instanceof InventoryUpdate inventory && inventory.intent() == Intent.RESERVE;
  }

  Outcome fit(EffectsUpdate update, @Nullable Outcome known) {
    SortedMap<StockItem, Effect> before = known == null ? NOTHING : known.effects();
    if (update instanceof StockDocument document) {
      return documents.decide(document, before, Lost.of(before, stock));
    }
    Wish wish = new Wish(update, wanted(update.effects(), before));
    Placement placement = sourcing.place(wish.lines(), before, before, NOTHING);
    List<Change> changes = Change.between(before, placement.effects());
    Reason obstacle = obstacle(placement, changes);
    if (obstacle == null) {
      stock.apply(changes);
      return wish.granted(placement.effects());
    }
    SortedMap<StockItem, Effect> lost = Lost.of(before, stock);
    return lost.isEmpty()
        ? decideUnfitting(wish, before, lost, obstacle)
        : decideWithLost(wish, before, lost, obstacle);
  }

  /** The lines of an update, without the SKUs that are to be ignored. */
  private SortedMap<StockItem, Effect> wanted(
      SortedMap<StockItem, Effect> lines, SortedMap<StockItem, Effect> before) {
    if (!rules.ignoresUnknownSkus()) {
      return lines;
    }
    SortedMap<StockItem, Effect> wanted = new TreeMap<>(lines);
    wanted
        .entrySet()
        .removeIf(
            line ->
                Change.needsStock(line.getValue()) && sourcing.isUnknown(line.getKey(), before));
    return wanted;
  }

  /** An update of an order with lost effects, which may fit without them. */
  private Outcome decideWithLost(
      Wish wish,
      SortedMap<StockItem, Effect> before,
      SortedMap<StockItem, Effect> lost,
      Reason obstacle) {
    SortedMap<StockItem, Effect> held = new TreeMap<>(before);
    held.keySet().removeAll(lost.keySet());
    if (sourcing.needsAny(wish.lines(), lost)) {
      return decideUnfitting(wish, held, lost, obstacle);
    }
    Placement placement = sourcing.place(sourcing.without(wish.lines(), lost), held, held, lost);
    if (!Collections.disjoint(placement.effects().keySet(), lost.keySet())) {
      return decideUnfitting(wish, held, lost, obstacle);
    }
    List<Change> changes = Change.between(held, placement.effects());
    Reason otherObstacle = obstacle(placement, changes);
    if (otherObstacle != null) {
      return decideUnfitting(wish, held, lost, otherObstacle);
    }
    stock.apply(changes);
    return wish.granted(Lost.union(placement.effects(), lost));
  }

  /** The reason why a placement does not fit, an unknown SKU first; null if it fits. */
  private @Nullable Reason obstacle(Placement placement, List<Change> changes) {
    Reason ofChanges = stock.obstacle(changes);
    return placement.obstacle() == null || ofChanges == Reason.UNKNOWN_SKU
        ? ofChanges
        : placement.obstacle();
  }

  /**
   * Takes back what the order has, and keeps the part that is possible.
   *
   * @param held the effects that are not lost
   */
  private Outcome decideUnfitting(
      Wish wish,
      SortedMap<StockItem, Effect> held,
      SortedMap<StockItem, Effect> lost,
      Reason obstacle) {
    if (sourcing.isOnHold(wish.lines(), held, lost)) {
      SortedMap<StockItem, Effect> kept = Lost.union(new TreeMap<>(held), lost);
      kept.values().removeIf(Effect::isNone);
      return wish.rejected(obstacle, kept);
    }
    List<Change> release = Change.between(held, NOTHING);
    if (stock.obstacle(release) != null) {
      return wish.rejected(obstacle, Lost.union(held, lost));
    }
    stock.apply(release);
    if (!wish.isReservation()) {
      // Of an order whose stock is lost, the other goods have left the warehouse all the same.
      return wish.rejected(
          obstacle, lost.isEmpty() ? lost : Lost.union(shipPart(wish, held, lost), lost));
    }
    Outcome partial =
        rules.policy() == ReservationPolicy.PARTIAL && !sourcing.needsAny(wish.lines(), lost)
            ? reservePart(wish, held, lost, obstacle)
            : null;
    return partial == null
        ? wish.rejected(obstacle, Lost.union(shipPart(wish, held, lost), lost))
        : partial;
  }

  /**
   * Reserves what is available; null if nothing is possible.
   *
   * @param released what the order had
   */
  private @Nullable Outcome reservePart(
      Wish wish,
      SortedMap<StockItem, Effect> released,
      SortedMap<StockItem, Effect> lost,
      Reason obstacle) {
    Placement part = sourcing.placePart(sourcing.without(wish.lines(), lost), released, lost);
    List<Change> changes = Change.between(NOTHING, part.effects());
    if (changes.isEmpty() || obstacle(part, changes) != null) {
      return null;
    }
    stock.apply(changes);
    return wish.partial(obstacle, Lost.union(part.effects(), lost), part.backordered());
  }

  /**
   * Goods that have left the warehouse, though the rest of their order does not fit. Those whose
   * earlier effect is lost are left out.
   */
  private SortedMap<StockItem, Effect> shipPart(
      Wish wish, SortedMap<StockItem, Effect> released, SortedMap<StockItem, Effect> lost) {
    SortedMap<StockItem, Effect> shipped = new TreeMap<>();
    sourcing
        .without(wish.lines(), lost)
        .forEach((line, effect) -> shipped.put(line, new Effect(0, effect.onHand())));
    shipped.values().removeIf(effect -> effect.onHand() >= 0);
    Placement part = sourcing.place(shipped, NOTHING, released, lost);
    List<Change> changes = Change.between(NOTHING, part.effects());
    if (obstacle(part, changes) != null) {
      return NOTHING;
    }
    stock.apply(changes);
    return part.effects();
  }
}
