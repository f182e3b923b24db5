package io.orderflow.common.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

  private final Random random = new Random(7);

  @Test
  void spanDoublesUpToTheLimit() {
    for (int attempt = 0; attempt < 200; attempt++) {
      // Given
      long span = attempt < 6 ? 100L << attempt : 5_000;

      // When
      long delay = BACKOFF.delay(attempt, random).toMillis();

      // Then
      assertTrue(delay >= span / 2 && delay <= span, "attempt " + attempt + " waits " + delay);
    }
  }

  @Test
  void delaysDiffer() {
    assertTrue(
        random.ints(50).mapToObj(i -> BACKOFF.delay(9, random)).distinct().count() > 10,
        "jitter keeps tasks apart");
  }

  @Test
  void longestPossibleSpanDoesNotOverflow() {
    // Given
    Backoff years = new Backoff(Duration.ofDays(300), Duration.ofDays(3000));

    // When
    Duration delay = years.delay(Integer.MAX_VALUE, random);

    // Then
    assertTrue(delay.compareTo(Duration.ofDays(3000)) <= 0 && !delay.isNegative());
  }

  @Test
  void limitBelowTheStartIsRefused() {
    assertEquals(
        "expected 0 < initial <= max, found initial PT2S and max PT1S",
        assertThrows(
                IllegalArgumentException.class,
                () -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
            .getMessage());
  }
}
