package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
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

  private final Map<String, Stock> start;
  private final Map<String, Stock> touched = new HashMap<>();
  private final List<Outcome> outcomes = new ArrayList<>();
  private final List<Line> written = new ArrayList<>();
  private final List<Line> removed = new ArrayList<>();

  Planner(Map<String, Stock> start) {
    this.start = start;
  }

  void decide(StockUpdate update, @Nullable SortedMap<String, Effect> linesBefore) {
    SortedMap<String, Effect> before = linesBefore == null ? NOTHING : linesBefore;
    SortedMap<String, Effect> wanted = update.effects();
    Move move = Move.between(before, wanted);
    Reason obstacle = obstacle(move);
    if (obstacle == null) {
      apply(update, move);
      outcomes.add(fitting(update, wanted));
      return;
    }
    Move release = Move.between(before, NOTHING);
    if (obstacle(release) == null) {
      apply(update, release);
      outcomes.add(rejected(update, obstacle, NOTHING));
    } else {
      outcomes.add(rejected(update, obstacle, before));
    }
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
    return new Plan(outcomes, written, removed, changes, newSkus);
  }

  private @Nullable Stock stock(String sku) {
    Stock running = touched.get(sku);
    return running == null ? start.get(sku) : running;
  }

  /** Why the move cannot be made; null if it can. */
  private @Nullable Reason obstacle(Move move) {
    Reason found = null;
    for (Map.Entry<String, Change> entry : move.changes().entrySet()) {
      Change change = entry.getValue();
      Stock now = stock(entry.getKey());
      if (now == null && change.needsStock()) {
        return Reason.UNKNOWN_SKU;
      }
      Reason reason = change.obstacle(now == null ? Stock.EMPTY : now);
      found = found == null ? reason : found;
    }
    return found;
  }

  private void apply(StockUpdate update, Move move) {
    for (Map.Entry<String, Change> entry : move.changes().entrySet()) {
      String sku = entry.getKey();
      Change change = entry.getValue();
      Stock now = stock(sku);
      touched.put(sku, change.on(now == null ? Stock.EMPTY : now));
      if (change.after().isNone()) {
        removed.add(new Line(update.orderId(), sku, change.before()));
      } else {
        written.add(new Line(update.orderId(), sku, change.after()));
      }
    }
  }

  private static Outcome fitting(StockUpdate update, SortedMap<String, Effect> effects) {
    return update instanceof InventoryUpdate wish
        ? new Outcome(wish.orderId(), wish.version(), State.after(wish.intent()), null, effects)
        : new Outcome(update.orderId(), update.version(), State.RELEASED, Reason.DELETED, effects);
  }

  private static Outcome rejected(
      StockUpdate update, Reason reason, SortedMap<String, Effect> effects) {
    return new Outcome(update.orderId(), update.version(), State.REJECTED, reason, effects);
  }
}
