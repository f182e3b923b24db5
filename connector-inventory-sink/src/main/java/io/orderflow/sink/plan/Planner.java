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

/** The stock as it runs through a batch, and what has been decided so far. */
final class Planner {

  private static final SortedMap<String, Effect> NOTHING = Collections.emptySortedMap();

  private final ReservationPolicy policy;
  private final Map<String, Stock> start;
  private final Map<String, Stock> touched = new HashMap<>();
  private final List<Outcome> outcomes = new ArrayList<>();

  Planner(ReservationPolicy policy, Map<String, Stock> start) {
    this.policy = policy;
    this.start = start;
  }

  void decide(StockUpdate update, @Nullable SortedMap<String, Effect> effectsBefore) {
    SortedMap<String, Effect> before = effectsBefore == null ? NOTHING : effectsBefore;
    SortedMap<String, Effect> wanted = update.effects();
    List<Change> wish = Change.between(before, wanted);
    Reason obstacle = obstacle(wish);
    if (obstacle == null) {
      apply(wish);
      outcomes.add(fitting(update, wanted));
      return;
    }
    List<Change> release = Change.between(before, NOTHING);
    if (obstacle(release) == null) {
      apply(release);
      if (policy == ReservationPolicy.PARTIAL && reservePart(update, obstacle)) {
        return;
      }
      outcomes.add(rejected(update, obstacle, NOTHING));
    } else {
      outcomes.add(rejected(update, obstacle, before));
    }
  }

  /** Reserves what there is, now that the order holds nothing; false if that is nothing at all. */
  private boolean reservePart(StockUpdate update, Reason obstacle) {
    if (!(update instanceof InventoryUpdate wish) || wish.intent() != Intent.RESERVE) {
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
            wish.orderId(), wish.version(), State.PARTIALLY_RESERVED, obstacle, part, backordered));
    return true;
  }

  Plan plan() {
    TreeMap<String, Effect> changes = new TreeMap<>();
    TreeSet<String> newSkus = new TreeSet<>();
    for (Map.Entry<String, Stock> entry : touched.entrySet()) {
      String sku = entry.getKey();
      Stock at = start.get(sku);
      if (at == null) {
        newSkus.add(sku);
        at = Stock.EMPTY;
      }
      Effect change = entry.getValue().since(at);
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

  /** Why the changes cannot be made; null if they can. An unknown SKU is told before all else. */
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
