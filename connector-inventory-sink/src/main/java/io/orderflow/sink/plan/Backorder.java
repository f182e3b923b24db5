package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.InventoryUpdate;
import io.orderflow.sink.update.StockItem;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An order that waits for stock: all lines of the version that reserves, so that it can be decided
 * again, with what each of them lacks.
 *
 * @param version of the order, which may be a later one that keeps the lines
 * @param lines by item, of which those without a location may be taken from any; empty if the order
 *     keeps the lines with which it waits already
 */
public record Backorder(Object orderId, long version, SortedMap<StockItem, Line> lines) {

  /**
   * A line.
   *
   * @param wanted all that it wants, with what it has already
   * @param lacking for how much it waits; 0 if it waits for other lines only
   */
  public record Line(Effect wanted, long lacking) {}

  public Backorder {
    lines = Collections.unmodifiableSortedMap(lines);
  }

  /** The SKUs that the order waits for. */
  public Set<String> lackingSkus() {
    Set<String> skus = new TreeSet<>();
    lines.forEach(
        (item, line) -> {
          if (line.lacking() > 0) {
            skus.add(item.sku());
          }
        });
    return skus;
  }

  static Backorder keeping(Outcome outcome) {
    return new Backorder(outcome.orderId(), outcome.version(), Collections.emptySortedMap());
  }

  /**
   * What an order waits for after it was decided.
   *
   * @param stock after that decision
   * @return null if it waits for nothing
   */
  static @Nullable Backorder of(
      InventoryUpdate wish, Outcome decided, ReservationRules rules, RunningStock stock) {
    if (!decided.lacksStock()) {
      return null;
    }
    SortedMap<StockItem, Line> lines = new TreeMap<>();
    if (decided.state() == State.PARTIALLY_RESERVED) {
      SortedMap<StockItem, Long> rest = new TreeMap<>(decided.backordered());
      // Those that name a location come last, so that others leave them what was backordered there.
      wish.effects().forEach((item, wanted) -> lines.put(item, new Line(wanted, 0)));
      lines.replaceAll(
          (item, line) ->
              isOpen(item, rules) ? line : new Line(line.wanted(), take(item, line, rest)));
      lines.replaceAll(
          (item, line) ->
              isOpen(item, rules) ? new Line(line.wanted(), takeAll(item.sku(), rest)) : line);
    } else {
      wish.effects()
          .forEach(
              (item, wanted) -> {
                boolean lacks =
                    rules.policy() == ReservationPolicy.PARTIAL
                        || wanted.reserved() > free(item, rules, stock);
                lines.put(item, new Line(wanted, lacks ? wanted.reserved() : 0));
              });
      if (lines.values().stream().allMatch(line -> line.lacking() == 0)) {
        // Each line fits, but not all of them at one location.
        lines.replaceAll((item, line) -> new Line(line.wanted(), line.wanted().reserved()));
      }
    }
    return lines.values().stream().anyMatch(line -> line.lacking() > 0)
        ? new Backorder(decided.orderId(), decided.version(), lines)
        : null;
  }

  private static boolean isOpen(StockItem line, ReservationRules rules) {
    return rules.locations().areInUse() && !line.hasLocation();
  }

  private static long take(StockItem item, Line line, SortedMap<StockItem, Long> rest) {
    long lacking = Math.min(line.wanted().reserved(), rest.getOrDefault(item, 0L));
    rest.merge(item, -lacking, Long::sum);
    return lacking;
  }

  private static long takeAll(String sku, SortedMap<StockItem, Long> rest) {
    return rest.entrySet().stream()
        .filter(entry -> entry.getKey().sku().equals(sku))
        .mapToLong(entry -> entry.getValue())
        .reduce(0, Sourcing::sum);
  }

  /** How much of an item is available, wherever the line may be taken from. */
  private static long free(StockItem line, ReservationRules rules, RunningStock stock) {
    if (!isOpen(line, rules)) {
      return stock.available(line);
    }
    boolean maySplit = rules.locations().split() == LocationSplit.QUANTITIES;
    List<String> listed = rules.locations().candidates();
    return (listed.isEmpty() ? stock.locations(line.sku()) : listed)
        .stream()
            .mapToLong(location -> stock.available(new StockItem(line.sku(), location)))
            .reduce(0, maySplit ? Sourcing::sum : Math::max);
  }
}
