package io.orderflow.sink.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.EffectsUpdate;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.InventoryUpdate;
import io.orderflow.sink.update.Keep;
import io.orderflow.sink.update.LatestVersions;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.update.StockUpdate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    StockNeeds needs = StockNeeds.of(rules.locations(), claimed, orders);
    Plan plan = Planner.plan(rules, claimed, Map.copyOf(orders), rowsFor(needs));
    for (int i = 0; i < claimed.size(); i++) {
      checkParts(claimed.get(i), plan.outcomes().get(i));
      checkLate(claimed.get(i), plan.outcomes().get(i));
    }
    write(plan);
    check();
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
        .forEach((sku, change) -> stock.computeIfPresent(sku, (key, at) -> at.plus(change)));
  }

  private void check() {
    Map<StockItem, Stock> sum = new HashMap<>(start);
    for (Outcome order : orders.values()) {
      SortedMap<StockItem, Effect> moving = new TreeMap<>(order.effects());
      moving.values().removeIf(Effect::isNone);
      moving.forEach(
          (sku, effect) -> sum.merge(sku, Stock.EMPTY.plus(effect), (a, b) -> a.plus(effect)));
    }
    stock.keySet().forEach(sku -> sum.putIfAbsent(sku, Stock.EMPTY));
    assertEquals(sum, stock, "stock = initial stock + the sum of the lines");
    stock.forEach(
        (sku, at) ->
            assertTrue(
                0 <= at.reserved() && at.reserved() <= at.onHand(), () -> sku + " is " + at));
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

  /** How many updates have been reserved in part so far. */
  int partial() {
    return partial;
  }
}
