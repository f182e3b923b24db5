package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockItem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the locations of an order's lines that name none. What was shipped stays where it was
 * shipped. What is reserved stays where it is if that is possible, with a changed quantity as well;
 * otherwise it moves, to as few locations as have all of it. A line that may be split keeps what it
 * has, and takes only the rest elsewhere.
 */
final class Sourcing {

  private final LocationRules rules;
  private final RunningStock stock;

  Sourcing(LocationRules rules, RunningStock stock) {
    this.rules = rules;
    this.stock = stock;
  }

  /**
   * Whether one of the lines needs stock that is lost. Of such an item a line may at most release
   * what was reserved, which nobody can take back.
   */
  boolean needsAny(SortedMap<StockItem, Effect> lines, SortedMap<StockItem, Effect> lost) {
    return lost.entrySet().stream()
        .filter(known -> !isOpen(known.getKey()))
        .anyMatch(
            known -> {
              Effect wanted = lines.get(known.getKey());
              return wanted != null
                  && (wanted.reserved() > 0 || wanted.onHand() != known.getValue().onHand());
            });
  }

  /** The lines that do not have to take their effects from stock that is lost. */
  SortedMap<StockItem, Effect> without(
      SortedMap<StockItem, Effect> lines, SortedMap<StockItem, Effect> lost) {
    if (lost.isEmpty()) {
      return lines;
    }
    SortedMap<StockItem, Effect> others = new TreeMap<>(lines);
    others.keySet().removeIf(line -> lost.containsKey(line) && !isOpen(line));
    return others;
  }

  private boolean isOpen(StockItem line) {
    return rules.areInUse() && !line.hasLocation();
  }

  /** Whether the SKU of a line has no row wherever it could be taken from. */
  boolean isUnknown(StockItem line, SortedMap<StockItem, Effect> held) {
    if (!isOpen(line)) {
      return stock.at(line) == null && !held.containsKey(line);
    }
    return held.keySet().stream().noneMatch(item -> item.sku().equals(line.sku()))
        && !lines(held, held, Collections.emptySortedMap(), Collections.emptySortedMap())
            .isKnown(line.sku());
  }

  /**
   * Places all lines.
   *
   * @param lines without {@link Effect#NONE}; those without a location are placed
   * @param contained the effects of the order that stock contains
   * @param held what the order has: the locations that it keeps if possible
   * @param lost effects that stock does not contain any more: their items must not be chosen
   */
  Placement place(
      SortedMap<StockItem, Effect> lines,
      SortedMap<StockItem, Effect> contained,
      SortedMap<StockItem, Effect> held,
      SortedMap<StockItem, Effect> lost) {
    if (!rules.areInUse() || lines.keySet().stream().noneMatch(this::isOpen)) {
      return new Placement(lines, Collections.emptySortedMap(), null);
    }
    try {
      return placeOpen(lines, contained, held, lost);
    } catch (ArithmeticException beyondLong) {
      return Placement.failed(Reason.OUT_OF_RANGE);
    }
  }

  /**
   * Whether goods have left the warehouse that nobody can have taken from others: their order does
   * not fit only because a part of what is on hand is unavailable.
   *
   * @param lines as above
   * @param held what the order has, and stock contains
   * @param lost as above
   */
  boolean isOnHold(
      SortedMap<StockItem, Effect> lines,
      SortedMap<StockItem, Effect> held,
      SortedMap<StockItem, Effect> lost) {
    if (held.entrySet().stream()
        .noneMatch(had -> !had.getValue().isNone() && hasUnavailable(had.getKey()))) {
      return false;
    }
    SortedMap<StockItem, Effect> shipped = new TreeMap<>();
    without(lines, lost)
        .forEach((line, effect) -> shipped.put(line, new Effect(0, Math.min(0, effect.onHand()))));
    shipped.values().removeIf(Effect::isNone);
    return !shipped.isEmpty()
        && !fits(shipped, held, lost)
        && new Sourcing(rules, stock.withoutUnavailable()).fits(shipped, held, lost);
  }

  private boolean hasUnavailable(StockItem item) {
    Stock now = stock.at(item);
    return now != null && now.unavailable() > 0;
  }

  private boolean fits(
      SortedMap<StockItem, Effect> lines,
      SortedMap<StockItem, Effect> held,
      SortedMap<StockItem, Effect> lost) {
    Placement placement = place(lines, held, held, lost);
    return placement.obstacle() == null
        && stock.obstacle(Change.between(held, placement.effects())) == null;
  }

  private Placement placeOpen(
      SortedMap<StockItem, Effect> lines,
      SortedMap<StockItem, Effect> contained,
      SortedMap<StockItem, Effect> held,
      SortedMap<StockItem, Effect> lost) {
    SortedMap<StockItem, Effect> effects = named(lines, held);
    OpenLines reader = lines(contained, held, effects, lost);
    List<OpenLine> open = open(lines, reader);
    List<@Nullable Map<String, Long>> placed = new OrderLocations(rules, open).place();
    Reason obstacle = null;
    for (int i = 0; i < open.size(); i++) {
      OpenLine line = open.get(i);
      Map<String, Long> pieces = placed.get(i);
      if (pieces != null) {
        add(line, pieces, effects);
      } else if (!reader.isKnown(line.sku()) && line.held().isEmpty()) {
        obstacle = Reason.UNKNOWN_SKU;
      } else if (obstacle == null) {
        obstacle = Reason.INSUFFICIENT_STOCK;
      }
    }
    return new Placement(effects, Collections.emptySortedMap(), obstacle);
  }

  /**
   * Places as much of a reservation as is available, if what was shipped of it fits.
   *
   * @param lines as above
   * @param held what the order had, which stock does not contain any more
   * @param lost as above
   */
  Placement placePart(
      SortedMap<StockItem, Effect> lines,
      SortedMap<StockItem, Effect> held,
      SortedMap<StockItem, Effect> lost) {
    try {
      return placePartOfOpen(lines, held, lost);
    } catch (ArithmeticException beyondLong) {
      return Placement.failed(Reason.OUT_OF_RANGE);
    }
  }

  private Placement placePartOfOpen(
      SortedMap<StockItem, Effect> lines,
      SortedMap<StockItem, Effect> held,
      SortedMap<StockItem, Effect> lost) {
    SortedMap<StockItem, Effect> effects = named(lines, held);
    SortedMap<StockItem, Long> backordered = new TreeMap<>();
    effects.replaceAll((item, effect) -> available(item, effect, backordered));
    List<OpenLine> open = open(lines, lines(Collections.emptySortedMap(), held, effects, lost));
    List<Map<String, Long>> placed = new OrderLocations(rules, open).placePart();
    for (int i = 0; i < open.size(); i++) {
      OpenLine line = open.get(i);
      Map<String, Long> pieces = placed.get(i);
      if (!line.canShipFrom(pieces)) {
        return Placement.failed(Reason.INSUFFICIENT_STOCK);
      }
      add(line, pieces, effects);
      long rest = line.need() - OpenLine.quantity(pieces);
      if (rest > 0) {
        StockItem item = new StockItem(line.sku(), ofRest(line, pieces));
        effects.putIfAbsent(item, Effect.NONE);
        backordered.merge(item, rest, Long::sum);
      }
    }
    return new Placement(effects, backordered, null);
  }

  /** The part of an effect that fits; the rest is backordered. */
  private Effect available(StockItem item, Effect effect, SortedMap<StockItem, Long> backordered) {
    Stock now = stock.at(item);
    long available = now == null ? 0 : Math.max(0, now.available() + Math.min(0, effect.onHand()));
    long reserved = Math.min(effect.reserved(), available);
    if (reserved < effect.reserved()) {
      backordered.put(item, effect.reserved() - reserved);
    }
    return new Effect(reserved, effect.onHand());
  }

  /** The location of what is backordered: where the line is, or would be. */
  private String ofRest(OpenLine line, Map<String, Long> pieces) {
    return Stream.of(pieces.keySet(), line.held().keySet(), line.candidates())
        .flatMap(Collection::stream)
        .findFirst()
        .orElse(rules.ofReceipts());
  }

  /** The effects of the lines whose location is certain, and of all receipts. */
  private SortedMap<StockItem, Effect> named(
      SortedMap<StockItem, Effect> lines, SortedMap<StockItem, Effect> held) {
    SortedMap<StockItem, Effect> named = new TreeMap<>();
    lines.forEach(
        (line, effect) -> {
          if (!isOpen(line)) {
            named.merge(line, effect, Effect::plus);
          } else if (effect.onHand() > 0) {
            StockItem received = new StockItem(line.sku(), ofReceipt(line.sku(), held));
            named.merge(received, new Effect(0, effect.onHand()), Effect::plus);
          }
        });
    return named;
  }

  /** Where the order has received an SKU before, else where goods are received. */
  private String ofReceipt(String sku, SortedMap<StockItem, Effect> held) {
    return held.entrySet().stream()
        .filter(entry -> entry.getKey().sku().equals(sku) && entry.getValue().onHand() > 0)
        .map(entry -> entry.getKey().location())
        .findFirst()
        .orElse(rules.ofReceipts());
  }

  private List<OpenLine> open(SortedMap<StockItem, Effect> lines, OpenLines reader) {
    List<OpenLine> open = new ArrayList<>();
    lines.forEach(
        (line, effect) -> {
          if (isOpen(line) && Change.needsStock(effect)) {
            open.add(reader.line(line.sku(), effect));
          }
        });
    return open;
  }

  private OpenLines lines(
      SortedMap<StockItem, Effect> contained,
      SortedMap<StockItem, Effect> held,
      SortedMap<StockItem, Effect> named,
      SortedMap<StockItem, Effect> lost) {
    return new OpenLines(rules, stock, contained, held, named, lost);
  }

  private static void add(
      OpenLine line, Map<String, Long> pieces, SortedMap<StockItem, Effect> effects) {
    line.effects(pieces)
        .forEach(
            (location, effect) ->
                effects.merge(new StockItem(line.sku(), location), effect, Effect::plus));
  }

  /** The sum of two quantities, or the greatest long. */
  static long sum(long quantity, long other) {
    return quantity > Long.MAX_VALUE - other ? Long.MAX_VALUE : quantity + other;
  }
}
