package io.orderflow.quickstart.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.quickstart.verdict.Verdict.Fault;
import io.orderflow.quickstart.verdict.WarehouseState.Effect;
import io.orderflow.quickstart.verdict.WarehouseState.Outcome;
import io.orderflow.quickstart.verdict.WarehouseState.Stock;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** The verdict finds each fault that is planted, and counts it under its name. */
class VerdictTest {

  private final Case all = new Case();

  @Test
  void soundPipelineHasNoFault() {
    assertTrue(all.verdict().isClean(), () -> all.verdict().toString());
  }

  @Test
  void versionThatNeverReachedTheTopicIsLost() {
    // Given
    all.shop.put(1L, Case.order(3, "CANCELLED", 2));

    // Then
    assertEquals(1, all.verdict().count(Fault.LOST));
  }

  @Test
  void eventWithoutAllItsItemsIsLost() {
    // Given
    all.shop.put(1L, Case.order(2, "PAID", 3));

    // Then
    assertEquals(1, all.verdict().count(Fault.LOST));
  }

  @Test
  void orderThatNeverReachedTheWarehouseIsLost() {
    // Given
    all.outcomes.remove(3L);

    // Then
    assertEquals(1, all.verdict().count(Fault.LOST));
  }

  @Test
  void paymentThatNeverReachedTheWarehouseIsLost() {
    // Given
    all.payments.remove(1L);

    // Then
    assertEquals(1, all.verdict().count(Fault.LOST));
  }

  @Test
  void deadLetterIsLost() {
    // Given
    all.deadLetters = 2;

    // Then
    assertEquals(2, all.verdict().count(Fault.LOST));
  }

  @Test
  void eventThatComesTwiceIsDuplicated() {
    // Given
    all.event(1, Case.order(2, "PAID", 2));

    // Then
    assertEquals(1, all.verdict().count(Fault.DUPLICATED));
    assertOnly(Fault.DUPLICATED);
  }

  @Test
  void warehouseWithAnOlderVersionIsStale() {
    // Given
    all.outcomes.put(1L, new Outcome(1, "RESERVED"));

    // Then
    assertEquals(1, all.verdict().count(Fault.STALE));
    assertOnly(Fault.STALE);
  }

  @Test
  void paymentOverwrittenByAnOlderOneIsStale() {
    // Given
    all.payments.put(1L, new PaymentState(1, "AUTHORIZED", new BigDecimal("20.00")));

    // Then
    assertEquals(1, all.verdict().count(Fault.STALE));
    assertOnly(Fault.STALE);
  }

  @Test
  void moreReservedThanOnHandIsOversold() {
    // Given
    all.initialStock.put("A", 4L);
    all.stock.put("A", new Stock(1, 2));

    // Then
    assertEquals(2, all.verdict().count(Fault.OVERSOLD));
    assertOnly(Fault.OVERSOLD);
  }

  @Test
  void oversoldWhileTheShopWasOpenIsOversold() {
    // Given
    all.oversoldWhileOpen = 1;

    // Then
    assertEquals(1, all.verdict().count(Fault.OVERSOLD));
  }

  @Test
  void stockReservedTwiceIsDrift() {
    // Given
    all.stock.put("A", new Stock(7, 4));

    // Then
    assertEquals(2, all.verdict().count(Fault.DRIFT));
    assertOnly(Fault.DRIFT);
  }

  @Test
  void linesOfAnotherQuantityAreDriftEvenIfTheStockAgrees() {
    // Given
    all.line(1, new Effect(1, 0));
    all.stock.put("A", new Stock(7, 1));

    // Then
    assertEquals(2, all.verdict().count(Fault.DRIFT));
    assertOnly(Fault.DRIFT);
  }

  @Test
  void rejectedOrderThatHoldsStockIsDrift() {
    // Given
    all.line(3, new Effect(9, 0));

    // Then
    assertTrue(all.verdict().count(Fault.DRIFT) > 0);
  }

  @Test
  void rowOfTheDriftViewIsDrift() {
    // Given
    all.driftRows = 1;

    // Then
    assertEquals(1, all.verdict().count(Fault.DRIFT));
  }

  @Test
  void amountDueThatIsNotTheTotalIsDrift() {
    // Given
    all.due.put(1L, new BigDecimal("19.99"));

    // Then
    assertEquals(1, all.verdict().count(Fault.DRIFT));
    assertOnly(Fault.DRIFT);
  }

  @Test
  void paymentOfAnotherAmountIsDrift() {
    // Given
    all.payments.put(1L, new PaymentState(2, "CAPTURED", new BigDecimal("2.00")));

    // Then
    assertEquals(1, all.verdict().count(Fault.DRIFT));
    assertOnly(Fault.DRIFT);
  }

  private void assertOnly(Fault expected) {
    Verdict verdict = all.verdict();
    assertFalse(verdict.isClean());
    for (Fault fault : Fault.values()) {
      if (fault != expected) {
        assertEquals(0, verdict.count(fault), () -> fault + " in " + verdict);
      }
    }
  }
}
