package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockItem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Tries all ways to spread the lines of an order over few locations, without the planner's code:
 * whatever it finds, the planner must not reject.
 */
record BruteForce(
    LocationRules rules, Map<StockItem, Stock> stock, SortedMap<StockItem, Effect> before) {

  /** Whether there is a way that fits. What was shipped before stays where it was. */
  boolean canPlace(SortedMap<StockItem, Effect> lines) {
    SortedMap<StockItem, Effect> named = new TreeMap<>(lines);
    named.keySet().removeIf(line -> !line.hasLocation());
    SortedMap<StockItem, Effect> open = new TreeMap<>(lines);
    open.keySet().removeIf(StockItem::hasLocation);
    if (rules.split() == LocationSplit.NONE) {
      return locations().stream().anyMatch(one -> canPlace(named, open, Set.of(one)));
    }
    return open.isEmpty()
        ? fits(named)
        : open.entrySet().stream().allMatch(line -> canPlaceAlone(named, line));
  }

  /** The lines of different SKUs do not take anything from each other. */
  private boolean canPlaceAlone(
      SortedMap<StockItem, Effect> named, Map.Entry<StockItem, Effect> line) {
    SortedMap<StockItem, Effect> one = new TreeMap<>(Map.of(line.getKey(), line.getValue()));
    return rules.split() == LocationSplit.QUANTITIES
        ? canPlace(named, one, locations())
        : locations().stream().anyMatch(location -> canPlace(named, one, Set.of(location)));
  }

  private boolean canPlace(
      SortedMap<StockItem, Effect> named,
      SortedMap<StockItem, Effect> open,
      Collection<String> locations) {
    SortedMap<StockItem, Effect> placed = new TreeMap<>(named);
    for (Map.Entry<StockItem, Effect> line : open.entrySet()) {
      SortedMap<StockItem, Effect> way = way(placed, line, List.copyOf(locations));
      if (way == null) {
        return false;
      }
      placed = way;
    }
    return fits(placed);
  }

  private @Nullable SortedMap<StockItem, Effect> way(
      SortedMap<StockItem, Effect> placed,
      Map.Entry<StockItem, Effect> line,
      List<String> locations) {
    String sku = line.getKey().sku();
    SortedMap<StockItem, Effect> settled = new TreeMap<>(placed);
    long toShip = -line.getValue().onHand();
    for (Map.Entry<StockItem, Effect> had : before.entrySet()) {
      if (had.getKey().sku().equals(sku) && had.getValue().onHand() < 0) {
        Effect stays = new Effect(0, had.getValue().onHand());
        settled.merge(had.getKey(), stays, Effect::plus);
        toShip += stays.onHand();
      }
    }
    long need = line.getValue().reserved() + toShip;
    for (List<Long> parts : compositions(need, locations.size())) {
      SortedMap<StockItem, Effect> way = new TreeMap<>(settled);
      long left = toShip;
      for (int i = 0; i < parts.size(); i++) {
        long shipped = Math.min(left, parts.get(i));
        left -= shipped;
        way.merge(
            new StockItem(sku, locations.get(i)),
            new Effect(parts.get(i) - shipped, -shipped),
            Effect::plus);
      }
      way.values().removeIf(Effect::isNone);
      if (fits(way)) {
        return way;
      }
    }
    return null;
  }

  /** All ways to write a number as a sum of so many numbers. */
  private static List<List<Long>> compositions(long sum, int parts) {
    if (parts == 1) {
      return List.of(List.of(sum));
    }
    return LongStream.rangeClosed(0, sum)
        .boxed()
        .flatMap(
            first ->
                compositions(sum - first, parts - 1).stream()
                    .map(
                        rest -> {
                          List<Long> all = new ArrayList<>(List.of(first));
                          all.addAll(rest);
                          return all;
                        }))
        .collect(Collectors.toList());
  }

  private boolean fits(SortedMap<StockItem, Effect> after) {
    Set<StockItem> items = new TreeSet<>(after.keySet());
    items.addAll(before.keySet());
    for (StockItem item : items) {
      Effect then = after.getOrDefault(item, Effect.NONE);
      // An SKU that the lines do not contain is none of this test's business.
      if (!after.containsKey(item) && ofOtherSku(item, after)) {
        continue;
      }
      Stock now = stock.get(item);
      if (now == null && (then.reserved() > 0 || then.onHand() < 0)) {
        return false;
      }
      Effect change = then.minus(before.getOrDefault(item, Effect.NONE));
      Stock result = (now == null ? Stock.EMPTY : now).plus(change);
      if (result.reserved() < 0 || result.reserved() > result.onHand()) {
        return false;
      }
    }
    return true;
  }

  private static boolean ofOtherSku(StockItem item, SortedMap<StockItem, Effect> after) {
    return after.keySet().stream().noneMatch(other -> other.sku().equals(item.sku()));
  }

  /** Those that may be chosen; a history does not change the rules. */
  private Set<String> locations() {
    Set<String> locations = new TreeSet<>(rules.candidates());
    if (locations.isEmpty()) {
      stock.keySet().forEach(item -> locations.add(item.location()));
    }
    return Collections.unmodifiableSet(locations);
  }
}
