package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.EffectsUpdate;
import io.orderflow.sink.update.Keep;
import io.orderflow.sink.update.StockUpdate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Plans a batch: the stock after the updates decided so far, and their outcomes. */
public final class Planner {

  private static final SortedMap<String, Effect> NOTHING = Collections.emptySortedMap();

  private final ReservationRules rules;
  private final Map<String, Stock> start;
  private final Map<String, Stock> touched = new HashMap<>();

  private Planner(ReservationRules rules, Map<String, Stock> start) {
    this.rules = rules;
    this.start = start;
  }

  /**
   * Decides updates one after the other, each on the stock that the ones before it have left.
   *
   * <p>An update fits if {@code 0 <= reserved <= on hand} holds afterwards for each SKU that it
   * touches. An update that does not fit leaves its order only with what has been shipped of it or,
   * if not even that fits, with the effects that it had. With {@link ReservationPolicy#PARTIAL}, a
   * RESERVE that does not fit reserves of each SKU what is available, if anything is.
   *
   * <p>An effect is lost if its stock row was deleted, or imported again without it: it cannot be
   * taken back. The order keeps it, so that the difference remains visible, and otherwise is
   * treated as if it did not have it.
   *
   * @param updates newer than what is stored, and at most one for each order
   * @param before by order, its stored outcome; new orders are absent
   * @param stock by SKU, for each SKU of updates and before that has a row
   */
  public static Plan plan(
      ReservationRules rules,
      List<? extends StockUpdate> updates,
      Map<Object, Outcome> before,
      Map<String, Stock> stock) {
    Planner planner = new Planner(rules, stock);
    List<Outcome> outcomes = new ArrayList<>(updates.size());
    for (StockUpdate update : updates) {
      Outcome known = before.get(update.orderId());
      outcomes.add(
          update instanceof Keep keep
              ? planner.keep(keep, known)
              : planner.decide((EffectsUpdate) update, known));
    }
    return planner.plan(outcomes);
  }

  private Outcome keep(Keep keep, @Nullable Outcome known) {
    EffectsUpdate earlier = keep.earlier();
    if (earlier != null && (known == null || known.version() < earlier.version())) {
      return decide(earlier, known).keptBy(keep.version());
    }
    return known == null
        ? new Outcome(keep.orderId(), keep.version(), State.KEPT, null, NOTHING)
        : known.keptBy(keep.version());
  }

  private Outcome decide(EffectsUpdate update, @Nullable Outcome known) {
    SortedMap<String, Effect> before = known == null ? NOTHING : known.effects();
    Wish wish = new Wish(update, wanted(update.effects(), before));
    List<Change> changes = Change.between(before, wish.effects());
    Reason obstacle = obstacle(changes);
    if (obstacle == null) {
      apply(changes);
      return wish.granted(NOTHING);
    }
    SortedMap<String, Effect> lost = lost(before);
    return lost.isEmpty()
        ? decideUnfitting(wish, before, lost, obstacle)
        : decideWithLost(wish, before, lost, obstacle);
  }

  /** The effects of an update, without the SKUs that are to be ignored. */
  private SortedMap<String, Effect> wanted(
      SortedMap<String, Effect> effects, SortedMap<String, Effect> before) {
    if (!rules.ignoresUnknownSkus()) {
      return effects;
    }
    SortedMap<String, Effect> wanted = new TreeMap<>(effects);
    wanted
        .entrySet()
        .removeIf(
            of ->
                Change.needsStock(of.getValue())
                    && stock(of.getKey()) == null
                    && !before.containsKey(of.getKey()));
    return wanted;
  }

  /** An update of an order with lost effects, which may fit without them. */
  private Outcome decideWithLost(
      Wish wish,
      SortedMap<String, Effect> before,
      SortedMap<String, Effect> lost,
      Reason obstacle) {
    SortedMap<String, Effect> held = new TreeMap<>(before);
    held.keySet().removeAll(lost.keySet());
    if (!wish.isApartFrom(lost)) {
      return decideUnfitting(wish, held, lost, obstacle);
    }
    List<Change> changes = Change.between(held, wish.without(lost));
    Reason otherObstacle = obstacle(changes);
    if (otherObstacle != null) {
      return decideUnfitting(wish, held, lost, otherObstacle);
    }
    apply(changes);
    return wish.granted(lost);
  }

  /**
   * Takes back what the order has, and keeps the part that is possible.
   *
   * @param held the effects that are not lost
   */
  private Outcome decideUnfitting(
      Wish wish, SortedMap<String, Effect> held, SortedMap<String, Effect> lost, Reason obstacle) {
    List<Change> release = Change.between(held, NOTHING);
    if (obstacle(release) != null) {
      return wish.rejected(obstacle, union(held, lost));
    }
    apply(release);
    if (!wish.isReservation()) {
      return wish.rejected(obstacle, lost);
    }
    Outcome partial =
        rules.policy() == ReservationPolicy.PARTIAL && wish.isApartFrom(lost)
            ? reservePart(wish, lost, obstacle)
            : null;
    return partial == null ? wish.rejected(obstacle, union(shipPart(wish, lost), lost)) : partial;
  }

  /**
   * The effects that stock does not contain any more. Others keep {@code reserved} at their sum at
   * least, and a receipt creates its row.
   */
  private SortedMap<String, Effect> lost(SortedMap<String, Effect> before) {
    SortedMap<String, Effect> lost = new TreeMap<>();
    before.forEach(
        (sku, effect) -> {
          Stock now = stock(sku);
          boolean isGone = now == null && (effect.reserved() > 0 || effect.onHand() > 0);
          if (isGone || (now != null && now.reserved() < effect.reserved())) {
            lost.put(sku, effect);
          }
        });
    return lost;
  }

  static SortedMap<String, Effect> union(
      SortedMap<String, Effect> some, SortedMap<String, Effect> others) {
    if (others.isEmpty()) {
      return some;
    }
    SortedMap<String, Effect> union = new TreeMap<>(some);
    union.putAll(others);
    return union;
  }

  /** Reserves what is available, for an order without effects; null if nothing is possible. */
  private @Nullable Outcome reservePart(
      Wish wish, SortedMap<String, Effect> lost, Reason obstacle) {
    SortedMap<String, Effect> part = new TreeMap<>();
    SortedMap<String, Long> backordered = new TreeMap<>();
    wish.without(lost)
        .forEach(
            (sku, effect) -> {
              long reserved = Math.min(effect.reserved(), available(sku, effect.onHand()));
              part.put(sku, new Effect(reserved, effect.onHand()));
              if (reserved < effect.reserved()) {
                backordered.put(sku, effect.reserved() - reserved);
              }
            });
    List<Change> changes = Change.between(NOTHING, part);
    if (changes.isEmpty() || obstacle(changes) != null) {
      return null;
    }
    apply(changes);
    return wish.partial(obstacle, union(part, lost), backordered);
  }

  /** What is available of an SKU after a movement; 0 if the movement does not fit. */
  private long available(String sku, long moved) {
    Stock now = stock(sku);
    return now == null ? 0 : Math.max(0, now.available() + Math.min(0, moved));
  }

  /**
   * Goods that have left the warehouse, though the rest of their order does not fit. Those whose
   * earlier effect is lost are left out.
   */
  private SortedMap<String, Effect> shipPart(Wish wish, SortedMap<String, Effect> lost) {
    SortedMap<String, Effect> shipped = new TreeMap<>();
    wish.without(lost).forEach((sku, effect) -> shipped.put(sku, new Effect(0, effect.onHand())));
    shipped.values().removeIf(Effect::isNone);
    List<Change> changes = Change.between(NOTHING, shipped);
    if (obstacle(changes) != null) {
      return NOTHING;
    }
    apply(changes);
    return shipped;
  }

  private Plan plan(List<Outcome> outcomes) {
    TreeMap<String, Effect> changes = new TreeMap<>();
    TreeSet<String> newSkus = new TreeSet<>();
    for (Map.Entry<String, Stock> entry : touched.entrySet()) {
      String sku = entry.getKey();
      Stock at = start.get(sku);
      if (at == null) {
        newSkus.add(sku);
        at = Stock.EMPTY;
      }
      Effect change = entry.getValue().minus(at);
      if (!change.isNone()) {
        changes.put(sku, change);
      }
    }
    return new Plan(outcomes, changes, newSkus);
  }

  private @Nullable Stock stock(String sku) {
    Stock running = touched.get(sku);
    return running == null ? start.get(sku) : running;
  }

  /** The reason why the changes do not fit, an unknown SKU first; null if they fit. */
  private @Nullable Reason obstacle(List<Change> changes) {
    Reason first = null;
    for (Change change : changes) {
      Reason reason = change.obstacle(stock(change.sku()));
      if (reason == Reason.UNKNOWN_SKU) {
        return reason;
      }
      first = first == null ? reason : first;
    }
    return first;
  }

  private void apply(List<Change> changes) {
    for (Change change : changes) {
      touched.put(change.sku(), change.on(stock(change.sku())));
    }
  }
}
