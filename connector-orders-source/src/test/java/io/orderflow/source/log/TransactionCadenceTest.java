package io.orderflow.source.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TransactionCadenceTest {

  private long nanos;
  private final TransactionCadence cadence = new TransactionCadence(() -> nanos);

  @Test
  void changesGatherForAsLongAsTheTransactionBeforeTook() {
    assertEquals(Duration.ofMillis(7), waitAfter(10, Duration.ofMillis(7), 0));
  }

  @Test
  void waitIsBounded() {
    assertEquals(TransactionCadence.MIN, waitAfter(10, Duration.ZERO, 0));
    assertEquals(TransactionCadence.MAX, waitAfter(10, Duration.ofSeconds(3), 0));
  }

  @Test
  void captureThatIsBehindDoesNotWaitForMore() {
    assertEquals(
        TransactionCadence.SENDER_IDLE,
        waitAfter(10, Duration.ofMillis(20), TransactionCadence.LARGE_TRANSACTION));
  }

  @Test
  void chunkOfTheInitialSnapshotIsFollowedByTheNext() {
    assertEquals(
        TransactionCadence.SENDER_IDLE,
        waitAfter((int) TransactionCadence.LARGE_TRANSACTION, Duration.ofMillis(20), 0));
  }

  @Test
  void pollWithoutRecordsIsFollowedByNoWait() {
    assertEquals(Duration.ZERO, waitAfter(0, Duration.ofMillis(20), 0));
  }

  private Duration waitAfter(int records, Duration busy, long lagOrders) {
    cadence.pollReturns(records);
    nanos += busy.toNanos();
    return cadence.pollBegins(lagOrders);
  }
}
