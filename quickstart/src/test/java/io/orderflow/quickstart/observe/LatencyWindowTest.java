package io.orderflow.quickstart.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LatencyWindowTest {

  private static final long SECOND = 1_000_000;

  private final LatencyWindow window = new LatencyWindow();

  @Test
  void percentilesAreNearestRanks() {
    // Given
    for (int millis = 1; millis <= 200; millis++) {
      window.add(SECOND - millis * 1_000L, SECOND);
    }

    // When
    Percentiles percentiles = window.percentiles(SECOND);

    // Then
    assertEquals(new Percentiles(200, 100, 198), percentiles);
  }

  @Test
  void arrivalsOlderThan10SecondsAreForgotten() {
    // Given
    window.add(0, 3 * SECOND);
    window.add(12 * SECOND, 12 * SECOND + 50_000);

    // When
    Percentiles both = window.percentiles(13 * SECOND);
    Percentiles recent = window.percentiles(14 * SECOND);
    Percentiles none = window.percentiles(30 * SECOND);

    // Then
    assertEquals(new Percentiles(2, 50, 3_000), both);
    assertEquals(new Percentiles(1, 50, 50), recent);
    assertEquals(new Percentiles(0, 0, 0), none);
  }
}
