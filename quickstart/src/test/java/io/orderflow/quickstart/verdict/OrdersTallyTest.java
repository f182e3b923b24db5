package io.orderflow.quickstart.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OrdersTallyTest {

  private final OrdersTally tally = new OrdersTally();

  @Test
  void newestVersionOfEachOrderIsKept() {
    // When
    tally.add(0, 1, event(1, "PENDING"));
    tally.add(0, 1, event(2, "PAID"));

    // Then
    OrderState paid =
        new OrderState(2, "PAID", new BigDecimal("7.5"), new TreeMap<>(Map.of("A", 3L)));
    assertEquals(Map.of(1L, paid), tally.newest());
    assertEquals(2, tally.events());
    assertEquals(0, tally.duplicated() + tally.stale());
  }

  @Test
  void versionThatComesAgainIsADuplicateEvenMuchLater() {
    // When
    tally.add(0, 1, event(1, "PENDING"));
    tally.add(0, 1, event(2, "PAID"));
    tally.add(0, 1, event(1, "PENDING"));

    // Then
    assertEquals(1, tally.duplicated());
    assertEquals(0, tally.stale());
  }

  @Test
  void versionBelowTheOneBeforeIsStale() {
    // When
    tally.add(0, 1, event(2, "PAID"));
    tally.add(0, 1, event(1, "PENDING"));

    // Then
    assertEquals(1, tally.stale());
    assertEquals(0, tally.duplicated());
  }

  @Test
  void orderInTwoPartitionsIsStale() {
    // When
    tally.add(0, 1, event(1, "PENDING"));
    tally.add(3, 1, event(2, "PAID"));

    // Then
    assertEquals(1, tally.stale());
  }

  @Test
  void tombstoneEndsAnOrder() {
    // When
    tally.add(0, 1, event(1, "PENDING"));
    tally.add(0, 1, null);

    // Then
    assertEquals(Map.of(), tally.newest());
  }

  private static String event(long version, String status) {
    return """
    {"id": 1, "version": %d, "status": "%s", "total": "7.50",
     "items": [{"sku": "A", "quantity": 1}, {"sku": "A", "quantity": 2}]}
    """
        .formatted(version, status);
  }
}
