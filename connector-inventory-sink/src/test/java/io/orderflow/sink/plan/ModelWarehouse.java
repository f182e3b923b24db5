package io.orderflow.sink.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.EffectsUpdate;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.InventoryUpdate;
import io.orderflow.sink.update.Keep;
import io.orderflow.sink.update.LatestVersions;
import io.orderflow.sink.update.StockDocument;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.update.StockUpdate;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The warehouse's tables in memory: applies batches as the sink does, version guard included, and
 * checks after each what must hold at any instant.
 */
final class ModelWarehouse {

  private final Map<StockItem, Stock> start;
  private final Map<StockItem, Stock> stock;
  private final Map<Object, Outcome> orders = new HashMap<>();

  /** When the first update comes. Each takes a second. */
  static final Instant START = Instant.parse("2026-11-30T12:00:00Z");

  private final Map<StockItem, Instant> movedAt = new HashMap<>();

  /** When something other than a count has changed what is on hand. */
  private final Map<StockItem, Instant> trueMoves = new HashMap<>();

  private Instant clock = START;
  private int counted;
  private int stale;

  private final ReservationRules rules;

  private int rejected;
  private int partial;
  private int expired;
  private int late;

  ModelWarehouse(ReservationRules rules, Map<StockItem, Stock> start) {
    this.rules = rules;
    this.start = Map.copyOf(start);
    this.stock = new HashMap<>(start);
  }

  Plan apply(List<? extends StockUpdate> batch) {
    List<StockUpdate> claimed =
        LatestVersions.of(batch).stock().stream().filter(this::isNewer).toList();
    clock = clock.plusSeconds(batch.size());
    Map<Object, Outcome> known = Map.copyOf(orders);
    StockNeeds needs = StockNeeds.of(rules.locations(), claimed, orders);
    Plan plan = Planner.plan(rules, claimed, known, rowsFor(needs));
    for (int i = 0; i < claimed.size(); i++) {
      checkParts(claimed.get(i), plan.outcomes().get(i));
      checkLate(claimed.get(i), plan.outcomes().get(i));
    }
    Map<StockItem, Stock> before = Map.copyOf(stock);
    write(plan);
    check();
    checkSold(before, claimed, known);
    checkCounts(claimed, plan.outcomes(), known);
    plan.outcomes().forEach(ModelWarehouse::checkTransfer);
    return plan;
  }

  /** The rows that the sink would read. */
  private Map<StockItem, Stock> rowsFor(StockNeeds needs) {
    List<String> candidates = rules.locations().candidates();
    Map<StockItem, Stock> rows = new HashMap<>(stock);
    rows.keySet()
        .removeIf(
            item ->
                !needs.items().contains(item)
                    && !(needs.skus().contains(item.sku())
                        && (candidates.isEmpty() || candidates.contains(item.location()))));
    if (needs.times()) {
      rows.replaceAll((item, at) -> at.countedAt(movedAt.getOrDefault(item, START)));
    }
    return rows;
  }

  Map<StockItem, Stock> stock() {
    return Map.copyOf(stock);
  }

  /** The stored outcome of an order; null if it is unknown. */
  @Nullable Outcome order(Object orderId) {
    return orders.get(orderId);
  }

  /** Releases all reservations whose time is over, as a sweep does. */
  Plan expire(Instant now) {
    List<Outcome> due =
        orders.values().stream()
            .filter(order -> order.expiresAt() != null && !order.expiresAt().isAfter(now))
            .toList();
    Plan plan = Planner.expire(rules, due, rowsFor(StockNeeds.of(due)));
    for (int i = 0; i < due.size(); i++) {
      checkExpired(due.get(i), plan.outcomes().get(i));
    }
    expired += due.size();
    write(plan);
    check();
    return plan;
  }

  /** An expired order has no reservation any more, and has shipped what it had. */
  private static void checkExpired(Outcome before, Outcome after) {
    assertEquals(State.EXPIRED, after.state());
    assertEquals(before.version(), after.version());
    assertNull(after.expiresAt());
    assertEquals(Map.of(), after.backordered());
    SortedMap<StockItem, Effect> shipped = new TreeMap<>();
    before.effects().forEach((item, effect) -> shipped.put(item, new Effect(0, effect.onHand())));
    shipped.values().removeIf(Effect::isNone);
    assertEquals(shipped, after.effects());
  }

  private boolean isNewer(StockUpdate update) {
    Outcome known = orders.get(update.orderId());
    return known == null || known.version() < update.version();
  }

  private void write(Plan plan) {
    for (Outcome outcome : plan.outcomes()) {
      orders.put(outcome.orderId(), outcome);
      rejected += outcome.state() == State.REJECTED ? 1 : 0;
      partial += outcome.state() == State.PARTIALLY_RESERVED ? 1 : 0;
    }
    plan.newItems().forEach(item -> stock.put(item, Stock.EMPTY));
    plan.stockChanges()
        .forEach(
            (sku, change) -> stock.computeIfPresent(sku, (key, at) -> untimed(at.plus(change))));
    plan.movedBack().forEach(item -> movedAt.put(item, clock));
    plan.newItems().forEach(item -> movedAt.put(item, clock));
    plan.stockChanges()
        .forEach(
            (item, change) -> {
              if (change.onHand() != 0) {
                movedAt.put(item, clock);
              }
            });
    plan.counts()
        .forEach(
            (item, count) -> {
              if (count.asOf() != null) {
                movedAt.put(item, count.asOf().isBefore(clock) ? count.asOf() : clock);
              }
            });
  }

  /**
   * A count that was applied has not overwritten a later movement, and alone in its batch it has
   * made what is on hand what was counted.
   */
  private void checkCounts(
      List<StockUpdate> updates, List<Outcome> outcomes, Map<Object, Outcome> known) {
    for (int i = 0; i < updates.size(); i++) {
      Outcome outcome = outcomes.get(i);
      stale += outcome.reason() == Reason.STALE_COUNT ? 1 : 0;
      if (outcome.state() == State.COUNTED
          && updates.get(i) instanceof StockDocument document
          && document.countedAt() != null) {
        counted++;
        document
            .effects()
            .forEach(
                (line, effect) -> {
                  StockItem item = Documents.located(line, rules.locations());
                  Instant moved = trueMoves.getOrDefault(item, Instant.MIN);
                  assertFalse(moved.isAfter(document.countedAt()), () -> item + " of " + document);
                  if (updates.size() == 1 && document.effects().size() == 1) {
                    long onHand = stock.getOrDefault(item, Stock.EMPTY).onHand();
                    assertEquals(effect.onHand(), onHand, () -> item + " of " + document);
                  }
                });
      }
      if (outcome.state() != State.COUNTED) {
        Outcome had = known.get(updates.get(i).orderId());
        Change.between(had == null ? new TreeMap<>() : had.effects(), outcomes.get(i).effects())
            .stream()
            .filter(change -> change.before().onHand() != change.after().onHand())
            .forEach(change -> trueMoves.put(change.item(), clock));
      }
    }
  }

  /** The model keeps the times elsewhere. */
  private static Stock untimed(Stock at) {
    return new Stock(
        at.onHand(), at.reserved(), at.unavailable(), at.incoming(), at.margin(), null);
  }

  private void check() {
    Map<StockItem, Stock> sum = new HashMap<>(start);
    for (Outcome order : orders.values()) {
      SortedMap<StockItem, Effect> moving = new TreeMap<>(order.effects());
      moving.values().removeIf(Effect::isNone);
      moving.forEach(
          (sku, effect) -> sum.merge(sku, Stock.EMPTY.plus(effect), (a, b) -> a.plus(effect)));
    }
    sum.replaceAll((item, at) -> untimed(at));
    stock.keySet().forEach(sku -> sum.putIfAbsent(sku, Stock.EMPTY));
    assertEquals(sum, stock, "stock = initial stock + the sum of the lines");
    stock.forEach((item, at) -> assertTrue(at.isPossible(), () -> item + " is " + at));
  }

  /**
   * Only facts, such as goods that are missing, leave less than what is reserved, beyond the
   * oversell allowance; and only they, shipments and transfers use safety stock.
   */
  private void checkSold(
      Map<StockItem, Stock> before, List<StockUpdate> updates, Map<Object, Outcome> known) {
    Set<StockItem> facts = new HashSet<>();
    for (StockUpdate update : updates) {
      boolean isFact =
          (update instanceof StockDocument document && document.intent().isFact())
              || (update instanceof Keep keep
                  && keep.earlier() instanceof StockDocument earlier
                  && earlier.intent().isFact());
      if (isFact) {
        Outcome had = known.get(update.orderId());
        facts.addAll(had == null ? Set.of() : had.effects().keySet());
        Outcome has = orders.get(update.orderId());
        facts.addAll(has == null ? Set.of() : has.effects().keySet());
      }
    }
    stock.forEach(
        (item, at) -> {
          Stock was = before.getOrDefault(item, Stock.EMPTY);
          if (facts.contains(item)) {
            return;
          }
          assertTrue(
              at.uncommitted() >= Math.min(Math.min(0, at.margin()), was.uncommitted()),
              () -> item + " is oversold: " + was + ", then " + at);
          if (updates.size() == 1 && at.reserved() > was.reserved()) {
            assertTrue(
                at.available() >= Math.min(0, was.available()),
                () -> item + " has lost safety stock: " + was + ", then " + at);
          }
        });
  }

  /** Goods in transit are neither lost nor gained. */
  private static void checkTransfer(Outcome outcome) {
    if (outcome.state() == State.IN_TRANSIT || outcome.state() == State.TRANSFERRED) {
      bySku(outcome.effects())
          .forEach(
              (sku, effect) ->
                  assertEquals(0, effect.onHand() + effect.incoming(), () -> sku + outcome));
    }
  }

  /** A reservation after one that has expired gets stock again, or is rejected for that reason. */
  private void checkLate(StockUpdate update, Outcome outcome) {
    Outcome known = orders.get(update.orderId());
    if (known != null
        && known.state() == State.EXPIRED
        && update instanceof InventoryUpdate inventory
        && inventory.intent() == Intent.RESERVE) {
      late++;
      assertTrue(
          outcome.state() == State.REJECTED
              ? outcome.reason() != Reason.INSUFFICIENT_STOCK
              : outcome.state() == State.RESERVED || outcome.state() == State.PARTIALLY_RESERVED,
          outcome::toString);
    }
    assertTrue(outcome.expiresAt() == null || outcome.isReservation(), outcome::toString);
  }

  /** What is reserved and what is backordered make up what a partially reserved order wants. */
  private void checkParts(StockUpdate update, Outcome outcome) {
    if (update instanceof Keep) {
      return;
    }
    SortedMap<StockItem, Effect> lines = ((EffectsUpdate) update).effects();
    if (outcome.state() != State.PARTIALLY_RESERVED) {
      assertEquals(Map.of(), outcome.backordered());
      assertTrue(outcome.effects().values().stream().noneMatch(Effect::isNone));
      return;
    }
    SortedMap<StockItem, Effect> sum = new TreeMap<>(outcome.effects());
    outcome
        .backordered()
        .forEach(
            (sku, more) -> {
              assertTrue(more > 0, () -> sku + " has " + more);
              sum.computeIfPresent(
                  sku, (key, part) -> new Effect(part.reserved() + more, part.onHand()));
            });
    SortedMap<String, Effect> expected = bySku(lines);
    if (rules.ignoresUnknownSkus()) {
      expected.keySet().retainAll(bySku(sum).keySet());
    }
    assertEquals(expected, bySku(sum));
    assertTrue(outcome.effects().values().stream().anyMatch(effect -> !effect.isNone()));
  }

  /** Effects over all locations. */
  static SortedMap<String, Effect> bySku(SortedMap<StockItem, Effect> effects) {
    SortedMap<String, Effect> bySku = new TreeMap<>();
    effects.forEach((item, effect) -> bySku.merge(item.sku(), effect, Effect::plus));
    return bySku;
  }

  /** All there is, to compare. */
  Map<String, Object> contents() {
    return Map.of("stock", Map.copyOf(stock), "orders", Map.copyOf(orders));
  }

  /** How many updates have been rejected so far. */
  int rejected() {
    return rejected;
  }

  /** How many reservations have expired so far. */
  int expired() {
    return expired;
  }

  /** How many updates wanted to reserve again what had expired. */
  int late() {
    return late;
  }

  /** How many counts have been applied so far. */
  int counted() {
    return counted;
  }

  /** How many counts have been rejected so far since goods were moved after them. */
  int stale() {
    return stale;
  }

  /** How many updates have been reserved in part so far. */
  int partial() {
    return partial;
  }
}
