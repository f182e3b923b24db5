package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockItem;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The stock after the updates of a batch that were decided so far. */
final class RunningStock {

  private final Map<StockItem, Stock> start;
  private final Map<StockItem, Stock> running;

  private final Map<StockItem, Instant> counted = new HashMap<>();

  /** By SKU, the locations where it has a row. Empty until they are asked for. */
  private final Map<String, SortedSet<String>> locations = new HashMap<>();

  private final Withheld withheld;

  /** By item, the stock before the changes that may be undone; null if none may be. */
  private @Nullable Map<StockItem, Optional<Stock>> undo;

  RunningStock(Map<StockItem, Stock> start) {
    this(start, Queues.NONE);
  }

  /**
   * The stock before a batch.
   *
   * @param queues of orders that wait for some of it
   */
  RunningStock(Map<StockItem, Stock> start, Queues queues) {
    this.start = start;
    this.running = new HashMap<>(start);
    this.withheld = new Withheld(queues, running);
  }

  /** What keeps stock from newcomers. */
  Withheld withheld() {
    return withheld;
  }

  /** How much of an item is available; 0 or more. */
  long available(StockItem item) {
    Stock now = at(item);
    return now == null ? 0 : Math.max(0, now.available());
  }

  /** The stock of an item; null if it has no row. */
  @Nullable Stock at(StockItem item) {
    return running.get(item);
  }

  /** The locations where an SKU has a row, in alphabetical order. */
  SortedSet<String> locations(String sku) {
    if (locations.isEmpty()) {
      running.keySet().forEach(this::addLocation);
    }
    return locations.getOrDefault(sku, Collections.emptySortedSet());
  }

  private void addLocation(StockItem item) {
    locations.computeIfAbsent(item.sku(), sku -> new TreeSet<>()).add(item.location());
  }

  /** The stock of now if all of it could be sold. */
  RunningStock withoutUnavailable() {
    Map<StockItem, Stock> all = new HashMap<>(running);
    all.replaceAll((item, now) -> now.withoutUnavailable());
    return new RunningStock(all);
  }

  /** The reason why the changes of an order do not fit; null if they fit. */
  @Nullable Reason obstacle(List<Change> changes) {
    return obstacle(changes, false);
  }

  /**
   * The reason why changes do not fit, an unknown SKU first; null if they fit.
   *
   * @param areFacts whether they may leave less than orders have reserved
   */
  @Nullable Reason obstacle(List<Change> changes, boolean areFacts) {
    Reason first = null;
    for (Change change : changes) {
      Reason reason = change.obstacle(at(change.item()), areFacts);
      if (reason == Reason.UNKNOWN_SKU) {
        return reason;
      }
      first = first == null ? reason : first;
    }
    return first;
  }

  /** Begins to note what is changed. */
  void beginUndo() {
    undo = new HashMap<>();
  }

  /** Takes all changes back that were made since. */
  void undo() {
    if (undo != null) {
      undo.forEach(
          (item, was) ->
              was.ifPresentOrElse(now -> running.put(item, now), () -> running.remove(item)));
    }
    undo = null;
  }

  void apply(List<Change> changes) {
    for (Change change : changes) {
      Stock now = at(change.item());
      if (undo != null) {
        undo.putIfAbsent(change.item(), Optional.ofNullable(now));
      }
      withheld.changed(change.item());
      running.put(change.item(), change.on(now));
      if (now == null && !locations.isEmpty()) {
        addLocation(change.item());
      }
    }
  }

  /** Notes that an item was counted, and that its stock contains the result. */
  void count(StockItem item, Instant asOf) {
    Stock now = at(item);
    if (now != null) {
      running.put(item, now.countedAt(asOf));
      counted.put(item, asOf);
    }
  }

  private SortedMap<StockItem, Plan.Count> counts() {
    SortedMap<StockItem, Plan.Count> counts = new TreeMap<>();
    counted.forEach(
        (item, asOf) -> {
          Stock now = at(item);
          counts.put(
              item, new Plan.Count(start.get(item), now != null && now.hasMoved() ? null : asOf));
        });
    return counts;
  }

  /** The plan that leads from the stock at the start to the present one. */
  Plan plan(List<Outcome> outcomes, List<Backorder> backorders) {
    SortedMap<StockItem, Effect> changes = new TreeMap<>();
    SortedMap<StockItem, Long> shortages = new TreeMap<>();
    SortedSet<StockItem> newItems = new TreeSet<>();
    SortedSet<StockItem> movedBack = new TreeSet<>();
    running.forEach(
        (item, now) -> {
          Stock at = start.get(item);
          if (at == null) {
            newItems.add(item);
            at = Stock.EMPTY;
          } else if (now.hasMoved() && now.onHand() == at.onHand()) {
            movedBack.add(item);
          }
          Effect change = now.minus(at);
          if (!change.isNone()) {
            changes.put(item, change);
          }
          boolean isWritten =
              !change.isNone() || counted.containsKey(item) || movedBack.contains(item);
          if (isWritten && now.available() < 0) {
            shortages.put(item, -Math.max(now.available(), -Long.MAX_VALUE));
          }
        });
    return new Plan(outcomes, changes, shortages, counts(), newItems, movedBack, backorders);
  }
}
