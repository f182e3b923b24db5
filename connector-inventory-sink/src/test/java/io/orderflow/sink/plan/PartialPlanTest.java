package io.orderflow.sink.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.sink.fixture.Updates;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.InventoryUpdate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PartialPlanTest {

  private static final Map<Object, Outcome> NO_LINES = Map.of();

  @Test
  void reservationTakesWhatThereIsAndTheRestIsBackordered() {
    // When
    Plan plan =
        partial(
            update(Intent.RESERVE, Map.of("apple", 5L, "pear", 2L)),
            NO_LINES,
            Map.of("apple", new Stock(10, 7), "pear", new Stock(2, 0)));

    // Then
    assertEquals(
        partially(
            Reason.INSUFFICIENT_STOCK,
            Map.of("apple", new Effect(3, 0), "pear", new Effect(2, 0)),
            Map.of("apple", 2L)),
        plan.outcomes());
    assertEquals(
        Updates.bySku(Map.of("apple", new Effect(3, 0), "pear", new Effect(2, 0))),
        plan.stockChanges());
  }

  @Test
  void nothingOfAnUnknownSkuIsReservedAndNoStockIsMadeForIt() {
    // When
    Plan plan =
        partial(
            update(Intent.RESERVE, Map.of("apple", 1L, "quince", 4L)),
            NO_LINES,
            Map.of("apple", new Stock(10, 7)));

    // Then
    assertEquals(
        partially(
            Reason.UNKNOWN_SKU,
            Map.of("apple", new Effect(1, 0), "quince", Effect.NONE),
            Map.of("quince", 4L)),
        plan.outcomes());
    assertEquals(Set.of(), plan.newItems());
  }

  @Test
  void reservationOfWhichAllFitsIsAsWithoutParts() {
    // When
    Plan plan =
        partial(
            update(Intent.RESERVE, Map.of("apple", 3L)),
            NO_LINES,
            Map.of("apple", new Stock(10, 7)));

    // Then
    assertEquals(
        List.of(
            new Outcome(
                1L, 1, State.RESERVED, null, Updates.bySku(Map.of("apple", new Effect(3, 0))))),
        plan.outcomes());
  }

  @Test
  void reservationOfWhichNothingFitsIsRejected() {
    // When
    Plan plan =
        partial(
            update(Intent.RESERVE, Map.of("apple", 3L)),
            NO_LINES,
            Map.of("apple", new Stock(10, 10)));

    // Then
    assertRejected(plan);
  }

  @Test
  void laterVersionKeepsWhatTheOrderHasAndTakesWhatHasComeIn() {
    // When: of the five that are reserved, three are this order's
    Plan plan =
        partial(
            update(Intent.RESERVE, Map.of("apple", 9L)),
            lines(Map.of("apple", new Effect(3, 0), "quince", Effect.NONE)),
            Map.of("apple", new Stock(7, 5)));

    // Then
    assertEquals(
        partially(
            Reason.INSUFFICIENT_STOCK, Map.of("apple", new Effect(5, 0)), Map.of("apple", 4L)),
        plan.outcomes());
    assertEquals(Updates.bySku(Map.of("apple", new Effect(2, 0))), plan.stockChanges());
  }

  @Test
  void shipmentIsNeverSplit() {
    // When: what the order had reserved does not suffice
    Plan plan =
        partial(
            update(Intent.SHIP, Map.of("apple", 5L)),
            lines(Map.of("apple", new Effect(3, 0))),
            Map.of("apple", new Stock(3, 3)));

    // Then
    assertRejected(plan);
    assertEquals(Updates.bySku(Map.of("apple", new Effect(-3, 0))), plan.stockChanges());
  }

  @Test
  void shipmentOfThePartThatWasReservedFits() {
    // When
    Plan plan =
        partial(
            update(Intent.SHIP, Map.of("apple", 3L)),
            lines(Map.of("apple", new Effect(3, 0), "quince", Effect.NONE)),
            Map.of("apple", new Stock(3, 3)));

    // Then
    assertEquals(
        List.of(
            new Outcome(
                1L, 1, State.SHIPPED, null, Updates.bySku(Map.of("apple", new Effect(0, -3))))),
        plan.outcomes());
    assertEquals(Updates.bySku(Map.of("apple", new Effect(-3, -3))), plan.stockChanges());
  }

  @Test
  void quantityBeyondSixtyFourBitsTakesWhatThereIs() {
    // When
    Plan plan =
        partial(
            update(Intent.RESERVE, Map.of("apple", Long.MAX_VALUE)),
            NO_LINES,
            Map.of("apple", new Stock(10, 7)));

    // Then
    assertEquals(
        partially(
            Reason.OUT_OF_RANGE,
            Map.of("apple", new Effect(3, 0)),
            Map.of("apple", Long.MAX_VALUE - 3)),
        plan.outcomes());
  }

  private static Plan partial(
      InventoryUpdate update, Map<Object, Outcome> before, Map<String, Stock> stock) {
    return Planner.plan(
        new ReservationRules(ReservationPolicy.PARTIAL, false, LocationRules.NONE),
        List.of(update),
        before,
        Updates.bySku(stock));
  }

  private static InventoryUpdate update(Intent intent, Map<String, Long> quantities) {
    return Updates.of(1L, 1, intent, new TreeMap<>(quantities));
  }

  private static Map<Object, Outcome> lines(Map<String, Effect> effects) {
    return Map.of(1L, new Outcome(1L, 0, State.RESERVED, null, Updates.bySku(effects)));
  }

  private static List<Outcome> partially(
      Reason reason, Map<String, Effect> effects, Map<String, Long> backordered) {
    return List.of(
        new Outcome(
            1L,
            1,
            State.PARTIALLY_RESERVED,
            reason,
            Updates.bySku(effects),
            Updates.bySku(backordered)));
  }

  private static void assertRejected(Plan plan) {
    assertEquals(
        List.of(new Outcome(1L, 1, State.REJECTED, Reason.INSUFFICIENT_STOCK, new TreeMap<>())),
        plan.outcomes());
  }
}
