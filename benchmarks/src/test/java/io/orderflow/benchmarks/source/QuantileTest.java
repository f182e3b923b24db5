package io.orderflow.benchmarks.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class QuantileTest {

  @Test
  void quantileIsTheNearestRank() {
    // Given
    long[] micros = LongStream.rangeClosed(1, 2_000).map(i -> (2_001 - i) * 1_000).toArray();

    // When
    Latency latency = Latency.of(micros, 500);

    // Then
    assertEquals(1_000, latency.millis(Quantile.P50));
    assertEquals(1_980, latency.millis(Quantile.P99));
    assertEquals(1_998, latency.millis(Quantile.P99_9));
    assertEquals(2_000, latency.millis(Quantile.MOST));
  }

  @Test
  void oneOrderIsEveryQuantile() {
    // Given
    long[] micros = {7_000};

    // When
    Latency latency = Latency.of(micros, 1);

    // Then
    assertEquals(7, latency.millis(Quantile.P50));
    assertEquals(7, latency.millis(Quantile.P99_9));
  }
}
