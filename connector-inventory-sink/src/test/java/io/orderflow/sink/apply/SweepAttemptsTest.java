package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.sink.apply.SweepAttempts.Next;
import io.orderflow.sink.warehouse.Sweep;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class SweepAttemptsTest {

  private final SweepAttempts attempts = new SweepAttempts();

  @Test
  void sweepIsHalvedToOneOrderAndGrowsAgain() {
    // When
    int halved = 0;
    while (attempts.next(new SQLException("by a trigger", "P0001")) == Next.HALVE) {
      halved++;
    }

    // Then
    assertEquals(8, halved);
    assertEquals(1, attempts.maxOrders());
    attempts.succeeded();
    assertEquals(2, attempts.maxOrders());
    for (int sweep = 0; sweep < 10; sweep++) {
      attempts.succeeded();
    }
    assertEquals(Sweep.MAX_ORDERS, attempts.maxOrders());
  }

  @Test
  void sweepThatExceedsTheLimitsOfTheServerIsHalvedTheThirdTime() {
    SQLException overload = new SQLException("out of memory", "53200");
    assertEquals(Next.REPEAT_LATER, attempts.next(overload));
    assertEquals(Next.REPEAT_LATER, attempts.next(overload));
    assertEquals(Next.HALVE, attempts.next(overload));
    assertEquals(Sweep.MAX_ORDERS / 2, attempts.maxOrders());
  }

  @Test
  void conflictsAreRepeatedAtOnceAFewTimes() {
    SQLException conflict = new SQLException("deadlock", "40P01");
    for (int attempt = 0; attempt < 4; attempt++) {
      assertEquals(Next.REPEAT_AT_ONCE, attempts.next(conflict));
    }
    assertEquals(Next.REPEAT_LATER, attempts.next(conflict));
  }
}
