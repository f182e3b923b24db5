package io.orderflow.sink.plan;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.StockDocument;
import io.orderflow.sink.update.StockItem;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Decides stock documents. One that does not fit keeps what its earlier versions did: they are
 * about goods, not about wishes.
 */
final class Documents {

  private final LocationRules rules;
  private final RunningStock stock;

  Documents(LocationRules rules, RunningStock stock) {
    this.rules = rules;
    this.stock = stock;
  }

  /** Where the goods of a line are; without a location, where goods are received. */
  static StockItem located(StockItem line, LocationRules rules) {
    return line.hasLocation() || !rules.areInUse()
        ? line
        : new StockItem(line.sku(), rules.ofReceipts());
  }

  /**
   * Decides a document.
   *
   * @param before its effects so far
   * @param lost those of them that stock does not contain any more
   */
  Outcome decide(
      StockDocument document,
      SortedMap<StockItem, Effect> before,
      SortedMap<StockItem, Effect> lost) {
    SortedMap<StockItem, Effect> after = new TreeMap<>();
    try {
      document
          .effects()
          .forEach((line, effect) -> after.merge(located(line, rules), effect, Effect::plus));
      if (document.countedAt() != null) {
        if (isStale(after.keySet(), document.countedAt())) {
          return rejected(document, Reason.STALE_COUNT, before);
        }
        after.replaceAll((item, counted) -> difference(item, counted, before));
      }
    } catch (ArithmeticException beyondLong) {
      return rejected(document, Reason.OUT_OF_RANGE, before);
    }
    List<StockItem> counted =
        document.countedAt() == null ? List.of() : List.copyOf(after.keySet());
    after.values().removeIf(Effect::isNone);
    boolean avoidsLost = Collections.disjoint(lost.keySet(), after.keySet());
    SortedMap<StockItem, Effect> held = new TreeMap<>(before);
    if (avoidsLost) {
      held.keySet().removeAll(lost.keySet());
    }
    List<Change> changes = Change.between(held, after);
    Reason obstacle = stock.obstacle(changes, document.intent().isFact());
    if (obstacle != null) {
      return rejected(document, obstacle, before);
    }
    stock.apply(changes);
    counted.forEach(item -> stock.count(item, Objects.requireNonNull(document.countedAt())));
    return applied(document, avoidsLost ? Lost.union(after, lost) : after);
  }

  /** Whether goods were moved, or counted, after the time of a count. */
  private boolean isStale(Set<StockItem> items, Instant countedAt) {
    return items.stream()
        .map(stock::at)
        .anyMatch(now -> now != null && now.movedAt() != null && now.movedAt().isAfter(countedAt));
  }

  /** What a count adds to that which is on hand without its earlier versions. */
  private Effect difference(StockItem item, Effect counted, SortedMap<StockItem, Effect> before) {
    Stock now = stock.at(item);
    long own = before.getOrDefault(item, Effect.NONE).onHand();
    long others = Math.subtractExact(now == null ? 0 : now.onHand(), own);
    return new Effect(0, Math.subtractExact(counted.onHand(), others));
  }

  private static Outcome applied(StockDocument document, SortedMap<StockItem, Effect> effects) {
    return new Outcome(
            document.orderId(), document.version(), State.after(document.intent()), null, effects)
        .withNote(document.note());
  }

  private static Outcome rejected(
      StockDocument document, Reason obstacle, SortedMap<StockItem, Effect> before) {
    SortedMap<StockItem, Effect> kept = new TreeMap<>(before);
    kept.values().removeIf(Effect::isNone);
    return new Outcome(document.orderId(), document.version(), State.REJECTED, obstacle, kept);
  }
}
