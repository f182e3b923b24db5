package io.orderflow.quickstart.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.quickstart.shop.OrderVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final List<Long> latencies = new ArrayList<>();
  private final Progress progress = new Progress(latencies::add);

  @Test
  void versionHasArrivedWhenItIsSeen() {
    // Given
    progress.committed(List.of(new OrderVersion(1, 1), new OrderVersion(2, 1)), 100);

    // When
    progress.seen(new OrderVersion(1, 1), 130);

    // Then
    assertEquals(1, progress.reached());
    assertEquals(1, progress.outstanding());
    assertEquals(Set.of(2L), progress.awaitedOrders());
    assertEquals(List.of(30L), latencies);
  }

  @Test
  void laterVersionBringsTheEarlierAlong() {
    // Given
    progress.committed(List.of(new OrderVersion(1, 1)), 100);
    progress.committed(List.of(new OrderVersion(1, 2)), 200);

    // When
    progress.seen(new OrderVersion(1, 2), 250);

    // Then
    assertEquals(0, progress.outstanding());
    assertEquals(List.of(150L, 50L), latencies);
  }

  @Test
  void olderVersionBringsNothing() {
    // Given
    progress.committed(List.of(new OrderVersion(1, 2)), 100);

    // When
    progress.seen(new OrderVersion(1, 1), 130);

    // Then
    assertEquals(1, progress.outstanding());
  }

  @Test
  void versionSeenBeforeItsCommitIsToldHasArrived() {
    // Given
    progress.seen(new OrderVersion(1, 1), 90);

    // When
    progress.committed(List.of(new OrderVersion(1, 1)), 100);

    // Then
    assertEquals(0, progress.outstanding());
    assertEquals(List.of(0L), latencies);
  }

  @Test
  void pastVersionsCountButAreNotTimed() {
    // Given
    progress.committedBefore(List.of(new OrderVersion(1, 3)));

    // When
    progress.seen(new OrderVersion(1, 3), 130);

    // Then
    assertEquals(1, progress.committed());
    assertEquals(1, progress.reached());
    assertEquals(List.of(), latencies);
  }
}
