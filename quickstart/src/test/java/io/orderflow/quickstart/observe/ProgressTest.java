package io.orderflow.quickstart.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.quickstart.shop.OrderVersion;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final Progress progress = new Progress();

  @Test
  void versionHasArrivedWhenItIsSeen() {
    // Given
    progress.committed(List.of(new OrderVersion(1, 1), new OrderVersion(2, 1)), 100);

    // When
    OptionalLong transaction = progress.seen(new OrderVersion(1, 1));

    // Then
    assertEquals(1, progress.live().reached());
    assertEquals(1, progress.outstanding());
    assertEquals(Set.of(2L), progress.awaitedOrders());
    assertEquals(OptionalLong.of(100), transaction);
  }

  @Test
  void laterVersionBringsTheEarlierAlongAndIsTimedAlone() {
    // Given
    progress.committed(List.of(new OrderVersion(1, 1)), 100);
    progress.committed(List.of(new OrderVersion(1, 2)), 200);

    // When
    OptionalLong transaction = progress.seen(new OrderVersion(1, 2));

    // Then
    assertEquals(0, progress.outstanding());
    assertEquals(OptionalLong.of(200), transaction);
  }

  @Test
  void olderVersionBringsNothing() {
    // Given
    progress.committed(List.of(new OrderVersion(1, 2)), 100);

    // When
    OptionalLong transaction = progress.seen(new OrderVersion(1, 1));

    // Then
    assertEquals(1, progress.outstanding());
    assertEquals(OptionalLong.empty(), transaction);
  }

  @Test
  void versionSeenBeforeItsCommitIsReportedHasArrived() {
    // Given
    OptionalLong unused = progress.seen(new OrderVersion(1, 1));

    // When
    progress.committed(List.of(new OrderVersion(1, 1)), 100);

    // Then
    assertEquals(0, progress.outstanding());
    assertEquals(1, progress.live().reached());
  }

  @Test
  void pastOrdersAreCountedApartAndNotTimed() {
    // Given
    progress.committedBefore(List.of(new OrderVersion(1, 3)));
    progress.committed(List.of(new OrderVersion(2, 1)), 100);

    // When
    OptionalLong transaction = progress.seen(new OrderVersion(1, 3));

    // Then
    assertEquals(1, progress.past().reached());
    assertEquals(0, progress.past().outstanding());
    assertEquals(0, progress.live().reached());
    assertEquals(OptionalLong.empty(), transaction);
  }
}
