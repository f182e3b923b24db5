package io.orderflow.sink.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.orderflow.sink.fixture.Updates;
import io.orderflow.sink.update.Deletion;
import io.orderflow.sink.update.DocumentIntent;
import io.orderflow.sink.update.Effect;
import io.orderflow.sink.update.Intent;
import io.orderflow.sink.update.StockDocument;
import io.orderflow.sink.update.StockItem;
import io.orderflow.sink.update.StockUpdate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlanTest {

  private static final Map<Object, Outcome> NO_LINES = Map.of();

  @Test
  void reservationThatFitsIsMade() {
    // When
    Plan plan =
        plan(
            List.of(update(1, Intent.RESERVE, Map.of("apple", 3L, "pear", 2L))),
            NO_LINES,
            Map.of("apple", new Stock(10, 7), "pear", new Stock(2, 0)));

    // Then
    Effect three = new Effect(3, 0);
    Effect two = new Effect(2, 0);
    assertEquals(
        List.of(outcome(1, State.RESERVED, Map.of("apple", three, "pear", two))), plan.outcomes());
    assertEquals(Updates.bySku(Map.of("apple", three, "pear", two)), plan.stockChanges());
    assertEquals(Set.of(), plan.newItems());
  }

  @Test
  void countOfAnItemThatTheBatchHasReceivedForTheFirstTimeIsStale() {
    // Given
    StockDocument count =
        new StockDocument(
            2L,
            1,
            DocumentIntent.COUNT,
            null,
            Instant.EPOCH,
            Updates.bySku(Map.of("apple", Effect.NONE)));

    // When
    Plan plan =
        plan(List.of(update(1, Intent.RECEIVE, Map.of("apple", 10L)), count), NO_LINES, Map.of());

    // Then
    assertEquals(Reason.STALE_COUNT, plan.outcomes().get(1).reason());
    assertEquals(Updates.bySku(Map.of("apple", new Effect(0, 10))), plan.stockChanges());
  }

  @Test
  void orderOfWhichOneItemDoesNotFitReservesNothing() {
    // When
    Plan plan =
        plan(
            List.of(update(1, Intent.RESERVE, Map.of("apple", 3L, "pear", 3L))),
            NO_LINES,
            Map.of("apple", new Stock(10, 7), "pear", new Stock(2, 0)));

    // Then
    assertRejected(Reason.INSUFFICIENT_STOCK, Map.of(), plan);
    assertEquals(Map.of(), plan.stockChanges());
  }

  @Test
  void reservationOfUnknownSkuIsRejectedAsSuch() {
    // When
    Plan plan =
        plan(
            List.of(update(1, Intent.RESERVE, Map.of("apple", 30L, "quince", 1L))),
            NO_LINES,
            Map.of("apple", new Stock(10, 0)));

    // Then
    assertRejected(Reason.UNKNOWN_SKU, Map.of(), plan);
  }

  @Test
  void shipmentOfWhatIsNotThereIsRejected() {
    // When
    Plan short1 =
        plan(
            List.of(update(1, Intent.SHIP, Map.of("apple", 3L))),
            NO_LINES,
            Map.of("apple", new Stock(2, 0)));
    Plan unknown = plan(List.of(update(1, Intent.SHIP, Map.of("apple", 3L))), NO_LINES, Map.of());

    // Then
    assertRejected(Reason.INSUFFICIENT_STOCK, Map.of(), short1);
    assertRejected(Reason.UNKNOWN_SKU, Map.of(), unknown);
  }

  @Test
  void shipmentDoesNotTakeWhatOthersHaveReserved() {
    // When
    Plan plan =
        plan(
            List.of(update(1, Intent.SHIP, Map.of("apple", 3L))),
            NO_LINES,
            Map.of("apple", new Stock(10, 8)));

    // Then
    assertRejected(Reason.INSUFFICIENT_STOCK, Map.of(), plan);
  }

  @Test
  void shipmentOfWhatIsReservedTurnsTheReservationIntoLessOnHand() {
    // When
    Plan plan =
        plan(
            List.of(update(1, Intent.SHIP, Map.of("apple", 3L))),
            lines(1, Map.of("apple", new Effect(3, 0))),
            Map.of("apple", new Stock(10, 10)));

    // Then
    assertEquals(
        List.of(outcome(1, State.SHIPPED, Map.of("apple", new Effect(0, -3)))), plan.outcomes());
    assertEquals(Updates.bySku(Map.of("apple", new Effect(-3, -3))), plan.stockChanges());
  }

  @Test
  void changedQuantityMovesOnlyTheDifference() {
    // When
    Plan plan =
        plan(
            List.of(update(1, Intent.RESERVE, Map.of("apple", 5L, "pear", 2L))),
            lines(1, Map.of("apple", new Effect(3, 0), "pear", new Effect(2, 0))),
            Map.of("apple", new Stock(5, 3), "pear", new Stock(2, 2)));

    // Then
    assertEquals(Updates.bySku(Map.of("apple", new Effect(2, 0))), plan.stockChanges());
  }

  @Test
  void itemThatIsNoLongerOrderedIsReleased() {
    // When
    Plan plan =
        plan(
            List.of(update(1, Intent.RESERVE, Map.of("apple", 3L))),
            lines(1, Map.of("apple", new Effect(3, 0), "pear", new Effect(2, 0))),
            Map.of("apple", new Stock(5, 3), "pear", new Stock(2, 2)));

    // Then
    assertEquals(Updates.bySku(Map.of("pear", new Effect(-2, 0))), plan.stockChanges());
  }

  @Test
  void changeThatDoesNotFitReleasesWhatTheOrderHad() {
    // When
    Plan plan =
        plan(
            List.of(update(1, Intent.RESERVE, Map.of("apple", 30L))),
            lines(1, Map.of("apple", new Effect(3, 0))),
            Map.of("apple", new Stock(5, 5)));

    // Then
    assertRejected(Reason.INSUFFICIENT_STOCK, Map.of(), plan);
    assertEquals(Updates.bySku(Map.of("apple", new Effect(-3, 0))), plan.stockChanges());
  }

  @Test
  void receiptTakenBackAfterItsStockWasSoldStays() {
    // Given
    Map<String, Effect> received = Map.of("apple", new Effect(0, 10));

    // When
    Plan plan =
        plan(
            List.of(update(1, Intent.RELEASE, Map.of())),
            lines(1, received),
            Map.of("apple", new Stock(10, 4)));

    // Then
    assertRejected(Reason.INSUFFICIENT_STOCK, received, plan);
    assertEquals(Map.of(), plan.stockChanges());
  }

  @Test
  void whatIsReleasedServesTheNextOrder() {
    // When
    Plan plan =
        plan(
            List.of(
                update(1, Intent.RESERVE, Map.of("apple", 1L)),
                update(2, Intent.RELEASE, Map.of()),
                update(3, Intent.RESERVE, Map.of("apple", 3L))),
            lines(2, Map.of("apple", new Effect(5, 0))),
            Map.of("apple", new Stock(5, 5)));

    // Then
    assertEquals(
        List.of(State.REJECTED, State.RELEASED, State.RESERVED),
        plan.outcomes().stream().map(Outcome::state).toList());
    assertEquals(Updates.bySku(Map.of("apple", new Effect(-2, 0))), plan.stockChanges());
  }

  @Test
  void receiptMakesAnSkuKnownEvenWhereAllOfItLeavesAgain() {
    // When
    Plan plan =
        plan(
            List.of(
                update(1, Intent.RECEIVE, Map.of("quince", 4L)),
                update(2, Intent.SHIP, Map.of("quince", 4L))),
            NO_LINES,
            Map.of());

    // Then
    assertEquals(
        List.of(State.RECEIVED, State.SHIPPED),
        plan.outcomes().stream().map(Outcome::state).toList());
    assertEquals(Set.of(StockItem.of("quince")), plan.newItems());
    assertEquals(Map.of(), plan.stockChanges());
  }

  @Test
  void returnedGoodsAreOnHandAgain() {
    // When
    Plan plan =
        plan(
            List.of(update(1, Intent.RETURN, Map.of("apple", 3L))),
            lines(1, Map.of("apple", new Effect(0, -3))),
            Map.of("apple", new Stock(2, 2)));

    // Then
    assertEquals(List.of(outcome(1, State.RETURNED, Map.of())), plan.outcomes());
    assertEquals(Updates.bySku(Map.of("apple", new Effect(0, 3))), plan.stockChanges());
  }

  @Test
  void deletedOrderIsReleasedAndSaysSo() {
    // When
    Plan plan =
        plan(
            List.of(new Deletion(1L, 9)),
            lines(1, Map.of("apple", new Effect(3, 0))),
            Map.of("apple", new Stock(3, 3)));

    // Then
    assertEquals(
        List.of(new Outcome(1L, 9, State.RELEASED, Reason.DELETED, new TreeMap<>())),
        plan.outcomes());
    assertEquals(Updates.bySku(Map.of("apple", new Effect(-3, 0))), plan.stockChanges());
  }

  @Test
  void stockBeyondSixtyFourBitsIsRejectedWithoutHarmToTheBatch() {
    // When
    Plan plan =
        plan(
            List.of(
                update(1, Intent.RECEIVE, Map.of("apple", Long.MAX_VALUE)),
                update(2, Intent.RECEIVE, Map.of("apple", 1L))),
            NO_LINES,
            Map.of("apple", new Stock(5, 5)));

    // Then
    assertEquals(Reason.OUT_OF_RANGE, plan.outcomes().get(0).reason());
    assertEquals(State.RECEIVED, plan.outcomes().get(1).state());
    assertNull(plan.outcomes().get(1).reason());
    assertEquals(Updates.bySku(Map.of("apple", new Effect(0, 1))), plan.stockChanges());
  }

  private static StockUpdate update(long orderId, Intent intent, Map<String, Long> quantities) {
    return Updates.of(orderId, 1, intent, new TreeMap<>(quantities));
  }

  private static Plan plan(
      List<? extends StockUpdate> updates, Map<Object, Outcome> before, Map<String, Stock> stock) {
    return Planner.plan(
        new ReservationRules(ReservationPolicy.ALL_OR_NOTHING, false, LocationRules.NONE),
        updates,
        before,
        Updates.bySku(stock));
  }

  private static Map<Object, Outcome> lines(long orderId, Map<String, Effect> effects) {
    return Map.of(orderId, new Outcome(orderId, 0, State.RESERVED, null, Updates.bySku(effects)));
  }

  private static Outcome outcome(long orderId, State state, Map<String, Effect> effects) {
    return new Outcome(orderId, 1, state, null, Updates.bySku(effects));
  }

  private static void assertRejected(Reason reason, Map<String, Effect> effects, Plan plan) {
    assertEquals(
        List.of(new Outcome(1L, 1, State.REJECTED, reason, Updates.bySku(effects))),
        plan.outcomes());
  }
}
