package io.orderflow.sink.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.sink.update.Deadline;
import io.orderflow.sink.update.Deletion;
import io.orderflow.sink.update.DocumentIntent;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.InventoryUpdate;
import io.orderflow.sink.update.Keep;
import io.orderflow.sink.update.StockDocument;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.update.StockUpdate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Invariants of any history over several locations. The model checks each of them. */
class LocationInvariantsTest {

  private static final List<String> LOCATIONS = List.of("berlin", "essen", "hamburg");
  private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");
  private static final int SEEDS = Integer.getInteger("orderflow.locations.seeds", 40);
  private static final int SKUS = 3;
  private static final int ORDERS = 6;
  private static final int UPDATES = 60;

  static Stream<ReservationRules> rules() {
    return Arrays.stream(LocationPolicy.values())
        .filter(policy -> policy != LocationPolicy.NONE)
        .flatMap(
            policy ->
                Arrays.stream(LocationSplit.values())
                    .flatMap(split -> lists(policy).map(l -> new LocationRules(policy, l, split))))
        .flatMap(
            locations ->
                Arrays.stream(ReservationPolicy.values())
                    .map(policy -> new ReservationRules(policy, false, locations)));
  }

  private static Stream<List<String>> lists(LocationPolicy policy) {
    Stream<List<String>> lists = Stream.of(List.of("hamburg", "berlin"), List.of("essen"));
    return policy == LocationPolicy.MOST_STOCK ? Stream.concat(lists, Stream.of(List.of())) : lists;
  }

  @ParameterizedTest
  @MethodSource("rules")
  void stockOfEachLocationIsConservedAndReplaysChangeNothing(ReservationRules rules) {
    int counted = 0;
    int stale = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      // Given
      Random random = new Random(seed);
      ModelWarehouse warehouse = new ModelWarehouse(rules, stock(random, 2));
      List<StockUpdate> history = history(random, true);

      // When
      for (int from = 0; from < history.size(); ) {
        int to = Math.min(history.size(), from + 1 + random.nextInt(8));
        warehouse.apply(history.subList(from, to));
        from = to;
      }

      // Then
      Map<String, Object> before = warehouse.contents();
      history.forEach(update -> warehouse.apply(List.of(update)));
      assertEquals(before, warehouse.contents());
      counted += warehouse.counted();
      stale += warehouse.stale();
    }
    assertTrue(
        counted > SEEDS / 2 && stale > 0, "histories in which little is counted test nothing");
  }

  @ParameterizedTest
  @MethodSource("rules")
  void reservationsThatExpireConserveTheStockOfEachLocation(ReservationRules rules) {
    int expired = 0;
    int late = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      // Given
      Random random = new Random(seed);
      ModelWarehouse warehouse = new ModelWarehouse(rules, stock(random, 2));
      List<StockUpdate> history = history(random, true);
      history.replaceAll(update -> withDeadline(update, random));

      // When: sweeps come between any batches
      for (int from = 0; from < history.size(); ) {
        int to = Math.min(history.size(), from + 1 + random.nextInt(8));
        warehouse.apply(history.subList(from, to));
        if (random.nextBoolean()) {
          warehouse.expire(START.plusSeconds(random.nextInt(2 * UPDATES)));
        }
        from = to;
      }
      warehouse.expire(Instant.MAX);

      // Then: a replay restores nothing that has expired
      Map<String, Object> before = warehouse.contents();
      history.forEach(update -> warehouse.apply(List.of(update)));
      assertEquals(before, warehouse.contents());
      expired += warehouse.expired();
      late += warehouse.late();
    }
    assertTrue(expired > SEEDS && late > 0, () -> "histories in which little expires test nothing");
  }

  @ParameterizedTest
  @MethodSource("rules")
  void nothingIsRejectedThatAnyChoiceOfLocationsCouldServe(ReservationRules rules) {
    int rejected = 0;
    int reserved = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      // Given
      Random random = new Random(seed);
      ModelWarehouse warehouse = new ModelWarehouse(rules, stock(random, 0));

      for (StockUpdate update : history(random, false)) {
        Outcome before = warehouse.order(update.orderId());
        SortedMap<StockItem, Effect> had = before == null ? new TreeMap<>() : before.effects();
        BruteForce reference = new BruteForce(rules.locations(), warehouse.stock(), had);

        // When
        List<Outcome> outcomes = warehouse.apply(List.of(update)).outcomes();

        // Then
        if (outcomes.isEmpty() || !isSale(update) || isReturn(update, had)) {
          continue;
        }
        SortedMap<StockItem, Effect> lines = ((InventoryUpdate) update).effects();
        State state = outcomes.get(0).state();
        if (state == State.REJECTED || state == State.PARTIALLY_RESERVED) {
          rejected++;
          assertFalse(reference.canPlace(lines), () -> update + " of " + reference);
        } else {
          reserved++;
          assertEquals(
              ModelWarehouse.bySku(lines), ModelWarehouse.bySku(outcomes.get(0).effects()));
          if (before == null) {
            assertSplit(rules.locations().split(), lines, outcomes.get(0).effects());
          }
        }
      }
    }
    assertTrue(rejected > 0 && reserved > 0, "histories with one kind of outcome test nothing");
  }

  @ParameterizedTest
  @MethodSource("rules")
  void goodsThatAreMissingAreShippedFromElsewhere(ReservationRules rules) {
    // Given: what is reserved in Berlin is not there
    StockItem berlin = new StockItem("sku", "berlin");
    Map<StockItem, Stock> stock = new HashMap<>();
    LOCATIONS.forEach(location -> stock.put(new StockItem("sku", location), new Stock(10, 0)));
    stock.put(berlin, new Stock(5, 0));
    ModelWarehouse warehouse = new ModelWarehouse(rules, stock);
    warehouse.apply(List.of(of(1, Intent.RESERVE, berlin, new Effect(5, 0))));
    warehouse.apply(
        List.of(
            new StockDocument(
                2L,
                1,
                DocumentIntent.ADJUST,
                null,
                null,
                new TreeMap<>(Map.of(berlin, new Effect(0, -5))))));

    // When: a part is shipped, then everything
    Outcome part =
        warehouse
            .apply(List.of(of(2, Intent.RESERVE, StockItem.of("sku"), new Effect(3, -2))))
            .outcomes()
            .get(0);
    Outcome all =
        warehouse
            .apply(List.of(of(3, Intent.SHIP, StockItem.of("sku"), new Effect(0, -5))))
            .outcomes()
            .get(0);

    // Then
    assertEquals(State.RESERVED, part.state());
    assertEquals(Map.of("sku", new Effect(3, -2)), ModelWarehouse.bySku(part.effects()));
    assertEquals(
        rules.locations().split() == LocationSplit.QUANTITIES ? new Effect(3, 0) : Effect.NONE,
        part.effects().getOrDefault(berlin, Effect.NONE));
    assertEquals(State.SHIPPED, all.state());
    assertEquals(Map.of("sku", new Effect(0, -5)), ModelWarehouse.bySku(all.effects()));
    assertEquals(Effect.NONE, all.effects().getOrDefault(berlin, Effect.NONE));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void lineMovesIfOneThatNamesItsLocationTakesTheGoods(ReservationRules rules) {
    // Given: two of the three pieces in Berlin are reserved
    StockItem berlin = new StockItem("sku", "berlin");
    Map<StockItem, Stock> stock = new HashMap<>();
    LOCATIONS.forEach(location -> stock.put(new StockItem("sku", location), new Stock(10, 0)));
    stock.put(berlin, new Stock(3, 0));
    ModelWarehouse warehouse = new ModelWarehouse(rules, stock);
    warehouse.apply(List.of(of(1, Intent.RESERVE, berlin, new Effect(2, 0))));

    // When: all three are shipped, and two more are wanted from anywhere
    TreeMap<StockItem, Effect> lines =
        new TreeMap<>(Map.of(berlin, new Effect(0, -3), StockItem.of("sku"), new Effect(2, 0)));
    Outcome outcome =
        warehouse
            .apply(List.of(new InventoryUpdate(1L, 2, Intent.RESERVE, lines)))
            .outcomes()
            .get(0);

    // Then
    assertEquals(State.RESERVED, outcome.state());
    assertEquals(new Effect(0, -3), outcome.effects().get(berlin));
    assertEquals(Map.of("sku", new Effect(2, -3)), ModelWarehouse.bySku(outcome.effects()));
  }

  private static InventoryUpdate of(long version, Intent intent, StockItem item, Effect effect) {
    return new InventoryUpdate(1L, version, intent, new TreeMap<>(Map.of(item, effect)));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void orderKeepsItsLocationsAndTakesMoreWhereItIs(ReservationRules rules) {
    int kept = 0;
    int more = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      // Given
      Random random = new Random(seed);
      ModelWarehouse warehouse = new ModelWarehouse(rules, stock(random, 0));
      Map<Long, InventoryUpdate> latest = new HashMap<>();
      for (StockUpdate update : history(random, false)) {
        if (!warehouse.apply(List.of(update)).outcomes().isEmpty()) {
          latest.remove(update.orderId());
          if (isSale(update)) {
            latest.put((Long) update.orderId(), (InventoryUpdate) update);
          }
        }
      }

      for (InventoryUpdate update : latest.values()) {
        Outcome before = warehouse.order(update.orderId());
        if (before == null
            || before.state() != State.RESERVED
            || update.intent() != Intent.RESERVE) {
          continue;
        }
        // When: the same lines, later
        Plan same = warehouse.apply(List.of(later(update, 1_000, 0)));

        // Then
        assertEquals(Map.of(), same.stockChanges(), () -> before + " by " + update);
        kept++;

        // When: more of the first line
        StockItem line = update.effects().isEmpty() ? null : update.effects().firstKey();
        List<StockItem> at = line == null ? List.of() : reservedAt(line, before);
        boolean fits =
            at.size() == 1
                && !update.effects().containsKey(at.get(0))
                && available(warehouse, at.get(0)) > 0;
        if (line == null || line.hasLocation() || !fits) {
          continue;
        }
        Plan plan = warehouse.apply(List.of(later(update, 2_000, 1)));

        // Then
        assertEquals(Map.of(at.get(0), new Effect(1, 0)), plan.stockChanges());
        more++;
      }
    }
    assertTrue(kept > 0 && more > 0, "no order was kept");
  }

  /** Of versions that reserve, most have a deadline, which follows from their own time or not. */
  private static StockUpdate withDeadline(StockUpdate update, Random random) {
    return update instanceof InventoryUpdate of
            && of.intent() == Intent.RESERVE
            && random.nextInt(4) > 0
        ? new InventoryUpdate(
            of.orderId(),
            of.version(),
            of.intent(),
            of.effects(),
            new Deadline(START.plusSeconds(random.nextInt(UPDATES)), random.nextInt(4) == 0))
        : update;
  }

  private static List<StockItem> reservedAt(StockItem line, Outcome outcome) {
    return outcome.effects().entrySet().stream()
        .filter(entry -> entry.getKey().sku().equals(line.sku()) && entry.getValue().reserved() > 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static long available(ModelWarehouse warehouse, StockItem item) {
    Stock stock = warehouse.stock().get(item);
    return stock == null ? 0 : stock.available();
  }

  private static InventoryUpdate later(InventoryUpdate update, long version, long more) {
    TreeMap<StockItem, Effect> effects = new TreeMap<>(update.effects());
    if (more > 0) {
      effects.merge(effects.firstKey(), new Effect(more, 0), Effect::plus);
    }
    return new InventoryUpdate(update.orderId(), version, update.intent(), effects);
  }

  private static boolean isSale(StockUpdate update) {
    return update instanceof InventoryUpdate of
        && (of.intent() == Intent.RESERVE || of.intent() == Intent.SHIP);
  }

  /** Whether something comes back, of which the reference does not know to where. */
  private static boolean isReturn(StockUpdate update, SortedMap<StockItem, Effect> had) {
    SortedMap<StockItem, Effect> lines = ((InventoryUpdate) update).effects();
    Map<String, Effect> wanted = ModelWarehouse.bySku(lines);
    Map<String, Effect> before = ModelWarehouse.bySku(had);
    return had.entrySet().stream()
        .filter(entry -> entry.getValue().onHand() != 0)
        .anyMatch(
            entry -> {
              String sku = entry.getKey().sku();
              return entry.getValue().onHand() > 0
                  || wanted.getOrDefault(sku, Effect.NONE).onHand()
                      > before.getOrDefault(sku, Effect.NONE).onHand()
                  || lines.keySet().stream()
                      .anyMatch(line -> line.hasLocation() && line.sku().equals(sku));
            });
  }

  private static void assertSplit(
      LocationSplit split,
      SortedMap<StockItem, Effect> lines,
      SortedMap<StockItem, Effect> effects) {
    Set<StockItem> chosen =
        effects.keySet().stream()
            .filter(item -> !lines.containsKey(item))
            .collect(Collectors.toSet());
    if (split == LocationSplit.NONE) {
      assertTrue(chosen.stream().map(StockItem::location).distinct().count() <= 1);
    } else if (split == LocationSplit.LINES) {
      assertEquals(chosen.size(), chosen.stream().map(StockItem::sku).distinct().count());
    }
  }

  private static Map<StockItem, Stock> stock(Random random, int maxSafety) {
    Map<StockItem, Stock> stock = new HashMap<>();
    for (int sku = 0; sku < SKUS; sku++) {
      for (String location : LOCATIONS) {
        if (random.nextInt(5) > 0) {
          stock.put(
              new StockItem("sku-" + sku, location),
              new Stock(
                  random.nextInt(9), 0, 0, 0, random.nextInt(2 * maxSafety + 1) - maxSafety, null));
        }
      }
    }
    return stock;
  }

  private static List<StockUpdate> history(Random random, boolean documents) {
    List<StockUpdate> history = new ArrayList<>();
    Map<Long, Long> versions = new HashMap<>();
    for (int i = 0; i < UPDATES; i++) {
      long orderId = random.nextInt(ORDERS);
      long version = versions.merge(orderId, 1L, Long::sum);
      if (random.nextInt(6) == 0) {
        version = Math.max(0, version - 1 - random.nextInt(3));
      }
      history.add(update(orderId, version, random, documents, ModelWarehouse.START.plusSeconds(i)));
    }
    return history;
  }

  private static StockUpdate update(
      long orderId, long version, Random random, boolean documents, Instant now) {
    int kind = random.nextInt(20);
    if (kind == 0) {
      return new Deletion(orderId, version);
    }
    if (documents && (orderId == 0 || random.nextInt(10) == 0)) {
      return RandomDocuments.next(
          orderId, version, random, SKUS, List.of("", "berlin", "essen", "hamburg"), 4, now);
    }
    if (kind == 1) {
      return new Keep(orderId, version);
    }
    Intent intent =
        kind < 12
            ? Intent.RESERVE
            : kind < 15
                ? Intent.SHIP
                : kind < 17 ? Intent.RELEASE : kind < 19 ? Intent.RETURN : Intent.RECEIVE;
    TreeMap<StockItem, Effect> effects = new TreeMap<>();
    IntStream.range(0, 1 + random.nextInt(3))
        .forEach(
            line -> {
              String location =
                  random.nextInt(5) == 0 ? LOCATIONS.get(random.nextInt(LOCATIONS.size())) : "";
              long quantity = 1L + random.nextInt(4);
              long shipped =
                  intent == Intent.RESERVE && random.nextInt(4) == 0
                      ? random.nextLong(quantity + 1)
                      : 0;
              Effect effect = intent.effect(quantity);
              effects.put(
                  new StockItem("sku-" + random.nextInt(SKUS), location),
                  new Effect(Math.max(0, effect.reserved() - shipped), effect.onHand() - shipped));
            });
    effects.values().removeIf(Effect::isNone);
    return new InventoryUpdate(orderId, version, intent, effects);
  }
}
