package io.orderflow.sink.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpiryTest {

  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
  private static final StockItem A = StockItem.of("A");
  private static final StockItem B_BERLIN = new StockItem("B", "berlin");

  private static final ReservationRules RULES =
      new ReservationRules(ReservationPolicy.ALL_OR_NOTHING, false, LocationRules.NONE, true);

  /**
   * Versions of one order, in the order of their arrival: r+30 reserves until half past twelve by
   * its own time, e+30 until that explicit time, p reserves for ever, s ships, c cancels, k keeps,
   * and o reserves nothing until then.
   */
  @ParameterizedTest
  @CsvSource({
    "r+30, 30",
    "r+30 r+40, 30",
    "r+40 r+30, 30",
    "r+30 e+50, 50",
    "e+50 r+60, 50",
    "e+50 r+30, 30",
    "r+30 p, ",
    "r+30 p r+60, 60",
    "r+30 c r+60, 60",
    "r+30 s, ",
    "r+30 c, ",
    "r+30 k, 30",
    "r+30 k k r+60, 30",
    "k r+60, 60",
    "o+30 r+60, 60",
    "r+60 e+50 r+55 k r+70, 50",
  })
  void deadlineIsThatOfTheVersionsOneByOneInAnyBatches(String history, @Nullable Integer minutes) {
    // Given
    List<StockUpdate> updates = new ArrayList<>();
    for (String update : history.split(" ", -1)) {
      updates.add(update(updates.size() + 1L, update));
    }
    Instant expected = minutes == null ? null : NOON.plusSeconds(60L * minutes);

    // Then: each way to cut the history into batches
    for (int cuts = 0; cuts < 1 << (updates.size() - 1); cuts++) {
      Map<Object, Outcome> stored = new HashMap<>();
      List<StockUpdate> batch = new ArrayList<>();
      for (int i = 0; i < updates.size(); i++) {
        batch.add(updates.get(i));
        if (i == updates.size() - 1 || (cuts >> i & 1) == 1) {
          apply(batch, stored, 100);
          batch.clear();
        }
      }
      assertEquals(expected, order(stored).expiresAt(), history + " cut as " + cuts);
    }
  }

  @Test
  void olderVersionsOfABatchThatAreStoredDoNotCountAgain() {
    // Given
    Map<Object, Outcome> stored = new HashMap<>();
    apply(List.of(update(1, "r+30"), update(2, "p"), update(3, "r+60")), stored, 100);

    // When
    apply(
        List.of(update(1, "r+30"), update(2, "p"), update(3, "r+60"), update(4, "r+70")),
        stored,
        100);

    // Then
    assertEquals(NOON.plusSeconds(3_600), order(stored).expiresAt());
  }

  @Test
  void manyVersionsOfOneOrderInOneBatchAreNoProblem() {
    // Given
    List<StockUpdate> updates = new ArrayList<>();
    for (int version = 0; version < 50_000; version++) {
      updates.add(update(version, "r+" + (100_000 - version)));
    }

    // When
    Map<Object, Outcome> stored = new HashMap<>();
    apply(updates, stored, 100);

    // Then
    assertEquals(NOON.plusSeconds(60 * 50_001L), order(stored).expiresAt());
  }

  @ParameterizedTest
  @CsvSource({
    // What comes after the expiry, what is left on hand then, the outcome
    "p, 3, RESERVED, ",
    "r+90, 3, RESERVED, ",
    "p, 2, REJECTED, EXPIRED",
    "k, 2, EXPIRED, ",
    "c, 2, RELEASED, ",
    "d, 2, RELEASED, DELETED",
    "s, 3, SHIPPED, ",
    "s, 2, REJECTED, INSUFFICIENT_STOCK",
  })
  void laterVersionIsDecidedAgain(String later, long onHand, State state, @Nullable Reason reason) {
    // Given
    Map<Object, Outcome> stored = expired();

    // When
    apply(List.of(update(2, later)), stored, onHand);

    // Then
    assertEquals(state, order(stored).state());
    assertEquals(reason, order(stored).reason());
  }

  @Test
  void orderThatCameTooLateStaysSoUntilItReservesOrEnds() {
    // Given
    Map<Object, Outcome> stored = expired();

    // When, Then
    apply(List.of(update(2, "p")), stored, 2);
    apply(List.of(update(3, "p")), stored, 1);
    assertEquals(Reason.EXPIRED, order(stored).reason());
    apply(List.of(update(4, "p")), stored, 3);
    assertEquals(State.RESERVED, order(stored).state());
    apply(List.of(update(5, "c")), stored, 3);
    apply(List.of(update(6, "p")), stored, 2);
    assertEquals(Reason.INSUFFICIENT_STOCK, order(stored).reason());
  }

  @Test
  void shippedPartStaysShippedAndLostStockStaysVisible() {
    // Given
    Outcome waiting =
        new Outcome(
                1L,
                7,
                State.PARTIALLY_RESERVED,
                Reason.INSUFFICIENT_STOCK,
                new TreeMap<>(
                    Map.of(
                        A,
                        new Effect(3, -1),
                        B_BERLIN,
                        new Effect(2, 0),
                        StockItem.of("GONE"),
                        new Effect(5, -5),
                        new StockItem("S", "essen"),
                        new Effect(0, -4))),
                new TreeMap<>(Map.of(B_BERLIN, 9L)))
            .expiringAt(NOON);

    // When
    Plan plan =
        Planner.expire(
            RULES,
            List.of(waiting),
            Map.of(
                A,
                new Stock(9, 3),
                B_BERLIN,
                new Stock(2, 2),
                new StockItem("B", "essen"),
                new Stock(9, 9),
                new StockItem("S", "essen"),
                new Stock(0, 0)));

    // Then
    assertEquals(
        List.of(
            new Outcome(
                1L,
                7,
                State.EXPIRED,
                null,
                new TreeMap<>(
                    Map.of(
                        A,
                        new Effect(0, -1),
                        StockItem.of("GONE"),
                        new Effect(5, -5),
                        new StockItem("S", "essen"),
                        new Effect(0, -4))))),
        plan.outcomes());
    assertEquals(Map.of(A, new Effect(-3, 0), B_BERLIN, new Effect(-2, 0)), plan.stockChanges());
  }

  private static Outcome order(Map<Object, Outcome> stored) {
    return Objects.requireNonNull(stored.get(1L));
  }

  /** An order that wanted 3 of A, and whose time is over. */
  private static Map<Object, Outcome> expired() {
    Map<Object, Outcome> stored = new HashMap<>();
    apply(List.of(update(1, "r+30")), stored, 3);
    Plan plan = Planner.expire(RULES, List.copyOf(stored.values()), Map.of(A, new Stock(3, 3)));
    plan.outcomes().forEach(outcome -> stored.put(outcome.orderId(), outcome));
    return stored;
  }

  /** Applies a batch to an order that has reserved all that is reserved of A. */
  private static void apply(List<StockUpdate> batch, Map<Object, Outcome> stored, long onHand) {
    Outcome known = stored.get(1L);
    long reserved = known == null ? 0 : known.effects().getOrDefault(A, Effect.NONE).reserved();
    List<StockUpdate> newer =
        LatestVersions.of(batch).stock().stream()
            .filter(update -> known == null || known.version() < update.version())
            .toList();
    Planner.plan(RULES, newer, Map.copyOf(stored), Map.of(A, new Stock(onHand, reserved)))
        .outcomes()
        .forEach(outcome -> stored.put(outcome.orderId(), outcome));
  }

  private static StockUpdate update(long version, String text) {
    TreeMap<StockItem, Effect> reserved = new TreeMap<>(Map.of(A, new Effect(3, 0)));
    return switch (text.charAt(0)) {
      case 'k' -> new Keep(1L, version);
      case 'd' -> new Deletion(1L, version);
      case 'c' -> new InventoryUpdate(1L, version, Intent.RELEASE, new TreeMap<>());
      case 's' ->
          new InventoryUpdate(
              1L, version, Intent.SHIP, new TreeMap<>(Map.of(A, new Effect(0, -3))));
      case 'p' -> new InventoryUpdate(1L, version, Intent.RESERVE, reserved);
      default ->
          new InventoryUpdate(
              1L,
              version,
              Intent.RESERVE,
              text.charAt(0) == 'o' ? new TreeMap<>() : reserved,
              new Deadline(
                  NOON.plusSeconds(60 * Long.parseLong(text.substring(2))), text.charAt(0) == 'e'));
    };
  }
}
