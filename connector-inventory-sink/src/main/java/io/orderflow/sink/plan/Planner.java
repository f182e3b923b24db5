package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.InventoryUpdate;
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

  private final ReservationPolicy policy;
  private final Map<String, Stock> start;
  private final Map<String, Stock> touched = new HashMap<>();
  private final List<Outcome> outcomes = new ArrayList<>();

  private Planner(ReservationPolicy policy, Map<String, Stock> start) {
    this.policy = policy;
    this.start = start;
  }

  /**
   * Decides updates one after the other, each on the stock that the ones before it have left.
   *
   * <p>An update fits if {@code 0 <= reserved <= on hand} holds afterwards for each SKU that it
   * touches. An update that does not fit leaves its order without any effect or, if not even that
   * fits, with the effects that it had. With {@link ReservationPolicy#PARTIAL}, a RESERVE that does
   * not fit reserves of each SKU what is available, if anything is.
   *
   * <p>An effect is lost if its stock row was deleted, or imported again without it: it cannot be
   * taken back. The order keeps it, so that the difference remains visible, and otherwise is
   * treated as if it did not have it.
   *
   * @param updates newer than what is stored, and at most one for each order
   * @param before by order, its effects so far, by SKU; orders without effects may be absent
   * @param stock by SKU, for each SKU of updates and before that has a row
   */
  public static Plan plan(
      ReservationPolicy policy,
      List<? extends StockUpdate> updates,
      Map<Object, ? extends SortedMap<String, Effect>> before,
      Map<String, Stock> stock) {
    Planner planner = new Planner(policy, stock);
    for (StockUpdate update : updates) {
      planner.decide(update, before.get(update.orderId()));
    }
    return planner.plan();
  }

  private void decide(StockUpdate update, @Nullable SortedMap<String, Effect> effectsBefore) {
    SortedMap<String, Effect> before = effectsBefore == null ? NOTHING : effectsBefore;
    SortedMap<String, Effect> wanted = update.effects();
    List<Change> wish = Change.between(before, wanted);
    Reason obstacle = obstacle(wish);
    if (obstacle == null) {
      apply(wish);
      outcomes.add(fitting(update, wanted));
      return;
    }
    SortedMap<String, Effect> lost = lost(before);
    if (lost.isEmpty()) {
      decideUnfitting(update, before, lost, obstacle);
    } else {
      decideWithLost(update, before, lost, obstacle);
    }
  }

  /** An update of an order with lost effects, which may fit without them. */
  private void decideWithLost(
      StockUpdate update,
      SortedMap<String, Effect> before,
      SortedMap<String, Effect> lost,
      Reason obstacle) {
    SortedMap<String, Effect> wanted = update.effects();
    SortedMap<String, Effect> held = new TreeMap<>(before);
    held.keySet().removeAll(lost.keySet());
    if (Collections.disjoint(lost.keySet(), wanted.keySet())) {
      List<Change> wish = Change.between(held, wanted);
      Reason otherObstacle = obstacle(wish);
      if (otherObstacle == null) {
        apply(wish);
        outcomes.add(fitting(update, union(wanted, lost)));
      } else {
        decideUnfitting(update, held, lost, otherObstacle);
      }
    } else {
      decideUnfitting(update, held, lost, obstacle);
    }
  }

  /**
   * Takes back what the order has, and reserves a part if the policy allows it.
   *
   * @param held the effects that are not lost
   */
  private void decideUnfitting(
      StockUpdate update,
      SortedMap<String, Effect> held,
      SortedMap<String, Effect> lost,
      Reason obstacle) {
    List<Change> release = Change.between(held, NOTHING);
    if (obstacle(release) != null) {
      outcomes.add(rejected(update, obstacle, union(held, lost)));
      return;
    }
    apply(release);
    if (policy != ReservationPolicy.PARTIAL || !reservePart(update, lost, obstacle)) {
      outcomes.add(rejected(update, obstacle, lost));
    }
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

  private static SortedMap<String, Effect> union(
      SortedMap<String, Effect> some, SortedMap<String, Effect> others) {
    if (others.isEmpty()) {
      return some;
    }
    SortedMap<String, Effect> union = new TreeMap<>(some);
    union.putAll(others);
    return union;
  }

  /** Reserves what is available, for an order without effects; false if nothing is available. */
  private boolean reservePart(StockUpdate update, SortedMap<String, Effect> lost, Reason obstacle) {
    if (!(update instanceof InventoryUpdate wish) || wish.intent() != Intent.RESERVE) {
      return false;
    }
    if (!Collections.disjoint(lost.keySet(), wish.quantities().keySet())) {
      return false;
    }
    SortedMap<String, Effect> part = new TreeMap<>();
    SortedMap<String, Long> backordered = new TreeMap<>();
    wish.quantities()
        .forEach(
            (sku, quantity) -> {
              Stock now = stock(sku);
              long reserved = now == null ? 0 : Math.min(quantity, now.available());
              part.put(sku, wish.intent().effect(reserved));
              if (reserved < quantity) {
                backordered.put(sku, quantity - reserved);
              }
            });
    if (part.values().stream().allMatch(Effect::isNone)) {
      return false;
    }
    apply(Change.between(NOTHING, part));
    outcomes.add(
        new Outcome(
            wish.orderId(),
            wish.version(),
            State.PARTIALLY_RESERVED,
            obstacle,
            union(part, lost),
            backordered));
    return true;
  }

  private Plan plan() {
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

  private static Outcome fitting(StockUpdate update, SortedMap<String, Effect> effects) {
    return update instanceof InventoryUpdate inventory
        ? new Outcome(
            inventory.orderId(),
            inventory.version(),
            State.after(inventory.intent()),
            null,
            effects)
        : new Outcome(update.orderId(), update.version(), State.RELEASED, Reason.DELETED, effects);
  }

  private static Outcome rejected(
      StockUpdate update, Reason reason, SortedMap<String, Effect> effects) {
    return new Outcome(update.orderId(), update.version(), State.REJECTED, reason, effects);
  }
}
