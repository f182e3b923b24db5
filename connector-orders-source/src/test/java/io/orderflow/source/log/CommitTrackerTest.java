package io.orderflow.source.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orderflow.source.offset.Lsn;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommitTrackerTest {

  private static final Map<String, Object> PARTITION = Map.of("slot", "s", "table", "t");

  private final CommitTracker tracker = new CommitTracker();

  @Test
  void onlyTheSecondCommitCertainlyCoversDeliveredRecords() {
    // Given
    deliver(register(10, 1), 1);

    // Then
    assertEquals(Optional.empty(), tracker.committed());
    assertEquals(Optional.of(new Lsn(10)), tracker.committed());
  }

  @Test
  void recordsInFlightAreNotCovered() {
    // Given
    deliver(register(10, 2), 1);

    // Then
    assertEquals(Optional.empty(), committedTwice());
  }

  @Test
  void recordsThatWereDeliveredFirstWaitForEarlierOnes() {
    // Given
    Map<String, Object> first = register(10, 1);
    Map<String, Object> second = register(20, 1);

    // When
    deliver(second, 1);

    // Then
    assertEquals(Optional.empty(), committedTwice());
    deliver(first, 1);
    assertEquals(Optional.of(new Lsn(20)), committedTwice());
  }

  @Test
  void recordsOfAFailedSessionAreForgotten() {
    // Given
    Map<String, Object> lost = register(10, 1);

    // When
    tracker.reset();
    deliver(lost, 1);

    // Then
    assertEquals(Optional.empty(), committedTwice());
  }

  private Map<String, Object> register(long lsn, int records) {
    return tracker.register(PARTITION, new Lsn(lsn), records);
  }

  private void deliver(Map<String, Object> partition, int records) {
    for (int i = 0; i < records; i++) {
      tracker.delivered(partition);
    }
  }

  private Optional<Lsn> committedTwice() {
    tracker.committed();
    return tracker.committed();
  }
}
