package io.orderflow.benchmarks.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class CpuTest {

  @Test
  void childrenCountAndTheNameMayHoldAnything() {
    // Given
    String stat =
        "42 (a (b) c) S 1 42 42 0 -1 4194560 6035 2400 3 4 150 50 7 3 20 0 12 0 1234 56 78 90";

    // When
    long ticks = Cpu.ticks(stat);

    // Then
    assertEquals(210, ticks);
  }
}
