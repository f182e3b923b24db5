package io.orderflow.sink.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.orderflow.sink.update.Deadline;
import io.orderflow.sink.update.Deletion;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.InventoryUpdate;
import io.orderflow.sink.update.Keep;
import io.orderflow.sink.update.LatestVersions;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.update.StockUpdate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Invariants of any history. The model checks stock and lines after every batch. */
class PlanInvariantsTest {

  private static final List<Intent> INTENTS = List.of(Intent.values());
  private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");
  private static final int ORDERS = 12;
  private static final int SKUS = 5;
  private static final int UPDATES = 150;

  /** How many reservations of all histories have expired. */
  private static int expired;

  /** How many versions of all histories wanted to reserve again what had expired. */
  private static int late;

  static Stream<Arguments> histories() {
    return Arrays.stream(ReservationPolicy.values())
        .flatMap(
            policy ->
                LongStream.range(0, 50)
                    .mapToObj(
                        seed ->
                            arguments(
                                new ReservationRules(policy, seed % 2 == 1, LocationRules.NONE),
                                seed,
                                // Whole pieces, or thousandths of them.
                                seed % 4 < 2 ? 1 : 1_000)));
  }

  @ParameterizedTest
  @MethodSource("histories")
  void scarceStockIsNeverOversold(ReservationRules rules, long seed, int steps) {
    // Given
    Random random = new Random(seed);
    ModelWarehouse warehouse = new ModelWarehouse(rules, scarce(steps));

    // When
    for (List<StockUpdate> batch : batches(history(random, steps, true), random)) {
      warehouse.apply(batch);
    }

    // Then
    assertTrue(warehouse.rejected() > 0, "a history without rejection tests nothing");
    if (rules.policy() == ReservationPolicy.ALL_OR_NOTHING) {
      assertEquals(0, warehouse.partial());
    } else if (!rules.ignoresUnknownSkus()) {
      assertTrue(warehouse.partial() > 0, "a history without partial reservation tests nothing");
    }
  }

  @ParameterizedTest
  @MethodSource("histories")
  void reservationsThatExpireConserveStock(ReservationRules rules, long seed, int steps) {
    // Given
    Random random = new Random(seed);
    ModelWarehouse warehouse = new ModelWarehouse(rules, scarce(steps));
    List<StockUpdate> history = history(random, steps, true);

    // When: sweeps come between any batches
    for (List<StockUpdate> batch : batches(history, random)) {
      warehouse.apply(batch);
      if (random.nextBoolean()) {
        warehouse.expire(START.plusSeconds(random.nextInt(2 * UPDATES)));
      }
    }
    warehouse.expire(Instant.MAX);
    Map<String, Object> before = warehouse.contents();
    batches(history, random).forEach(warehouse::apply);

    // Then: a replay restores nothing that has expired
    assertEquals(before, warehouse.contents());
    expired += warehouse.expired();
    late += warehouse.late();
  }

  @AfterAll
  static void historiesHadMuchThatExpired() {
    assertTrue(expired > 300, "only " + expired + " reservations expired");
    assertTrue(late > 50, "only " + late + " versions wanted to reserve again");
  }

  @ParameterizedTest
  @MethodSource("histories")
  void replayOfAnyPartChangesNothing(ReservationRules rules, long seed, int steps) {
    // Given
    Random random = new Random(seed);
    List<StockUpdate> history = history(random, steps, true);
    ModelWarehouse warehouse = new ModelWarehouse(rules, scarce(steps));
    batches(history, random).forEach(warehouse::apply);
    Map<String, Object> before = warehouse.contents();

    // When
    int from = random.nextInt(history.size());
    int to = from + random.nextInt(history.size() - from);
    List<Plan> plans = new ArrayList<>();
    batches(history.subList(from, to), random).forEach(b -> plans.add(warehouse.apply(b)));
    batches(history, random).forEach(b -> plans.add(warehouse.apply(b)));

    // Then
    assertEquals(before, warehouse.contents());
    assertTrue(plans.stream().allMatch(plan -> plan.outcomes().isEmpty()));
  }

  @ParameterizedTest
  @MethodSource("histories")
  void plentifulStockEndsAsIfOnlyTheLatestVersionsHadBeen(
      ReservationRules rules, long seed, int steps) {
    // Given
    Random random = new Random(seed);
    List<StockUpdate> history = history(random, steps, false);
    ModelWarehouse stepwise = new ModelWarehouse(rules, plenty(steps));
    ModelWarehouse atOnce = new ModelWarehouse(rules, plenty(steps));

    // When
    batches(history, random).forEach(stepwise::apply);
    atOnce.apply(LatestVersions.of(history).stock());

    // Then
    assertEquals(0, stepwise.rejected());
    assertEquals(atOnce.contents(), stepwise.contents());
  }

  @ParameterizedTest
  @MethodSource("histories")
  void partitioningIntoBatchesDoesNotMatterWhereAllFits(
      ReservationRules rules, long seed, int steps) {
    // Given
    List<StockUpdate> history = history(new Random(seed), steps, false);
    ModelWarehouse some = new ModelWarehouse(rules, plenty(steps));
    ModelWarehouse others = new ModelWarehouse(rules, plenty(steps));

    // When
    batches(history, new Random(seed + 1)).forEach(some::apply);
    batches(history, new Random(seed + 2)).forEach(others::apply);

    // Then
    assertEquals(some.contents(), others.contents());
  }

  /**
   * Versions grow in general, but some come late and some twice.
   *
   * @param steps of a piece
   * @param counts whether stock is counted, which depends on what was applied before
   */
  private static List<StockUpdate> history(Random random, int steps, boolean counts) {
    List<StockUpdate> history = new ArrayList<>();
    Map<Long, Long> versions = new HashMap<>();
    for (int i = 0; i < UPDATES; i++) {
      long orderId = random.nextInt(ORDERS);
      long version = versions.merge(orderId, 1L, Long::sum);
      if (random.nextInt(5) == 0) {
        version = Math.max(0, version - 1 - random.nextInt(3));
      }
      history.add(
          update(
              orderId,
              version,
              random,
              steps,
              counts ? ModelWarehouse.START.plusSeconds(i) : null));
    }
    return history;
  }

  private static StockUpdate update(
      long orderId, long version, Random random, int steps, @Nullable Instant now) {
    if (random.nextInt(20) == 0) {
      return new Deletion(orderId, version);
    }
    // Some IDs are those of documents, and some documents have the IDs of orders.
    if (orderId == 0 ? random.nextInt(4) > 0 : random.nextInt(12) == 0) {
      return RandomDocuments.next(
          orderId, version, random, SKUS, List.of(StockItem.NO_LOCATION, "b"), 5 * steps, now);
    }
    // Receipts are few, so that stock stays scarce where it is.
    Intent intent = INTENTS.get(random.nextInt(INTENTS.size()));
    if (intent == Intent.RECEIVE && random.nextBoolean()) {
      intent = Intent.RESERVE;
    }
    TreeMap<String, Long> quantities = new TreeMap<>();
    int items = random.nextInt(4);
    for (int i = 0; i < items; i++) {
      quantities.put("sku-" + random.nextInt(SKUS), 1L + random.nextInt(5 * steps));
    }
    return intent == Intent.KEEP
        ? new Keep(orderId, version)
        : new InventoryUpdate(
            orderId,
            version,
            intent,
            effects(intent, quantities, random),
            intent == Intent.RESERVE ? deadline(random) : null);
  }

  /** Of versions that expire, most have a deadline that follows from their own time. */
  private static @Nullable Deadline deadline(Random random) {
    return random.nextInt(4) == 0
        ? null
        : new Deadline(START.plusSeconds(random.nextInt(UPDATES)), random.nextInt(4) == 0);
  }

  /** Of some reserved items a part has been shipped. */
  private static SortedMap<StockItem, Effect> effects(
      Intent intent, Map<String, Long> quantities, Random random) {
    TreeMap<StockItem, Effect> effects = new TreeMap<>();
    quantities.forEach(
        (sku, quantity) -> {
          long shipped =
              intent == Intent.RESERVE && random.nextInt(4) == 0
                  ? random.nextLong(quantity + 1)
                  : 0;
          Effect effect = intent.effect(quantity);
          effects.put(
              StockItem.of(sku),
              new Effect(Math.max(0, effect.reserved() - shipped), effect.onHand() - shipped));
        });
    effects.values().removeIf(Effect::isNone);
    return effects;
  }

  private static List<List<StockUpdate>> batches(List<StockUpdate> updates, Random random) {
    List<List<StockUpdate>> batches = new ArrayList<>();
    int from = 0;
    while (from < updates.size()) {
      int to = Math.min(updates.size(), from + 1 + random.nextInt(15));
      batches.add(updates.subList(from, to));
      from = to;
    }
    return batches;
  }

  /** One of the SKUs is not known at first. */
  private static Map<StockItem, Stock> scarce(int steps) {
    return stock(SKUS - 1, 4L * steps);
  }

  private static Map<StockItem, Stock> plenty(int steps) {
    return stock(SKUS, 1_000_000L * steps);
  }

  /** One SKU has safety stock, and another one may be oversold. */
  private static Map<StockItem, Stock> stock(int skus, long onHand) {
    Map<StockItem, Stock> stock = new HashMap<>();
    for (int sku = 0; sku < skus; sku++) {
      long margin = sku == 1 ? 2 : sku == 2 ? -3 : 0;
      stock.put(StockItem.of("sku-" + sku), new Stock(onHand, 0, 0, 0, margin, null));
      stock.put(new StockItem("sku-" + sku, "b"), new Stock(onHand, 0));
    }
    return stock;
  }
}
