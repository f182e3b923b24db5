package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockItem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads one line of an order against the stock, so that its location can be chosen. */
final class OpenLines {

  private final LocationRules rules;
  private final RunningStock stock;

  /** The effects of the order that stock contains. */
  private final SortedMap<StockItem, Effect> contained;

  /** What the order has: the locations that it keeps if possible. */
  private final SortedMap<StockItem, Effect> held;

  /** What the lines that name a location take. */
  private final SortedMap<StockItem, Effect> named;

  /** Effects of the order that stock does not contain any more. */
  private final SortedMap<StockItem, Effect> lost;

  /**
   * Creates a reader for the lines of an order.
   *
   * @param lost effects that the order keeps; their items must not be chosen
   */
  OpenLines(
      LocationRules rules,
      RunningStock stock,
      SortedMap<StockItem, Effect> contained,
      SortedMap<StockItem, Effect> held,
      SortedMap<StockItem, Effect> named,
      SortedMap<StockItem, Effect> lost) {
    this.rules = rules;
    this.stock = stock;
    this.contained = contained;
    this.held = held;
    this.named = named;
    this.lost = lost;
  }

  /** Whether an SKU has a row at one of the locations that may be chosen. */
  boolean isKnown(String sku) {
    return candidates(sku).stream().anyMatch(location -> stock.at(item(sku, location)) != null);
  }

  private Collection<String> candidates(String sku) {
    List<String> listed = rules.candidates();
    return listed.isEmpty() ? stock.locations(sku) : listed;
  }

  OpenLine line(String sku, Effect effect) {
    Map<String, Long> reserved = new TreeMap<>();
    Map<String, Long> gone = new TreeMap<>();
    held.subMap(StockItem.of(sku), StockItem.of(sku + '\0'))
        .forEach((item, effects) -> addHeld(item, effects, reserved, gone));
    Map<String, Long> free = new HashMap<>();
    boolean reserves = effect.reserved() > 0;
    reserved.keySet().forEach(location -> free.put(location, free(sku, location, reserves)));
    gone.keySet().forEach(location -> free.put(location, free(sku, location, reserves)));
    List<String> candidates = new ArrayList<>();
    for (String location : candidates(sku)) {
      StockItem item = item(sku, location);
      if (stock.at(item) != null && !lost.containsKey(item)) {
        candidates.add(location);
        free.computeIfAbsent(location, at -> free(sku, at, reserves));
      }
    }
    long shipped = Math.max(0, -effect.onHand() - lostShipments(sku));
    Map<String, Long> goods = new HashMap<>();
    free.keySet().forEach(location -> goods.put(location, goods(sku, location)));
    Map<String, Long> settled = new LinkedHashMap<>();
    for (String location : preferred(gone.keySet(), candidates)) {
      long stays = Math.min(shipped, gone.getOrDefault(location, 0L));
      if (stays > 0) {
        shipped -= stays;
        settled.put(location, stays);
        free.merge(location, -stays, (all, taken) -> Math.max(0, all + taken));
        goods.merge(location, -stays, (all, taken) -> Math.max(0, all + taken));
      }
    }
    if (rules.policy() == LocationPolicy.MOST_STOCK) {
      candidates.sort(Comparator.comparing(free::get, Comparator.reverseOrder()));
    }
    Map<String, Long> kept = new LinkedHashMap<>();
    preferred(reserved.keySet(), candidates)
        .forEach(location -> kept.put(location, reserved.getOrDefault(location, 0L)));
    return new OpenLine(sku, effect.reserved(), shipped, settled, kept, free, goods, candidates);
  }

  /** What has left the warehouse of stock that is lost: the order keeps it. */
  private long lostShipments(String sku) {
    return lost.entrySet().stream()
        .filter(known -> known.getKey().sku().equals(sku) && !named.containsKey(known.getKey()))
        .mapToLong(known -> Math.max(0, -known.getValue().onHand()))
        .sum();
  }

  /** Without what the lines that name the location hold of it. */
  private void addHeld(
      StockItem item, Effect effect, Map<String, Long> reserved, Map<String, Long> gone) {
    if (lost.containsKey(item)) {
      return;
    }
    Effect others = named.getOrDefault(item, Effect.NONE);
    long ownReserved = effect.reserved() - others.reserved();
    long ownGone = Math.max(0, -effect.onHand()) - Math.max(0, -others.onHand());
    if (ownReserved > 0) {
      reserved.put(item.location(), ownReserved);
    }
    if (ownGone > 0) {
      gone.put(item.location(), ownGone);
    }
  }

  /** Some of the locations: candidates in their order, then the others. */
  private static List<String> preferred(Collection<String> some, List<String> candidates) {
    List<String> preferred = new ArrayList<>(some);
    preferred.sort(
        Comparator.comparingInt(
            location ->
                candidates.contains(location) ? candidates.indexOf(location) : candidates.size()));
    return preferred;
  }

  /**
   * What would be available if the order had nothing but its named lines, or what it has, if goods
   * are missing; 0 or more.
   *
   * @param reserves whether it reserves more, which leaves the margin
   */
  private long free(String sku, String location, boolean reserves) {
    StockItem item = item(sku, location);
    Effect own = contained.getOrDefault(item, Effect.NONE);
    Effect others = named.getOrDefault(item, Effect.NONE);
    try {
      Stock then = withNamed(item);
      long has = Math.max(0, sold(own) - sold(others));
      return Math.max(has, reserves ? then.available() : then.uncommitted());
    } catch (ArithmeticException beyondLong) {
      return 0;
    }
  }

  /** What could leave the location if nothing of it were reserved; 0 or more. */
  private long goods(String sku, String location) {
    try {
      Stock then = withNamed(item(sku, location));
      return Math.max(0, Math.subtractExact(then.onHand(), then.unavailable()));
    } catch (ArithmeticException beyondLong) {
      return 0;
    }
  }

  /** The stock if the order had nothing but its named lines. */
  private Stock withNamed(StockItem item) {
    Stock now = stock.at(item);
    Effect own = contained.getOrDefault(item, Effect.NONE);
    return (now == null ? Stock.EMPTY : now)
        .plus(Effect.NONE.minus(own))
        .plus(named.getOrDefault(item, Effect.NONE));
  }

  /** What an effect has reserved or shipped. */
  private static long sold(Effect effect) {
    return Math.addExact(effect.reserved(), Math.max(0, -effect.onHand()));
  }

  private static StockItem item(String sku, String location) {
    return new StockItem(sku, location);
  }
}
