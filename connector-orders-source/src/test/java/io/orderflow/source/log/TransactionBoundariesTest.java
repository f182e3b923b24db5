package io.orderflow.source.log;

import static io.orderflow.source.log.TransactionBoundaries.Position.AT_BOUNDARY;
import static io.orderflow.source.log.TransactionBoundaries.Position.WITHIN_TRANSACTION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.fixture.CommitRequests;
import io.orderflow.source.log.TransactionBoundaries.Position;
import io.orderflow.source.log.change.DeferredVersions;
import io.orderflow.source.offset.Lsn;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransactionBoundariesTest {

  private static final int MAX_RECORDS = 10;
  private static final DeferredVersions DEFERRED =
      new DeferredVersions(Map.of("7", 3L), new Lsn(9));

  private final CommitRequests requests = new CommitRequests();
  private Instant now = Instant.EPOCH;
  private DeferredVersions remaining = DeferredVersions.NONE;
  private final TransactionBoundaries boundaries =
      new TransactionBoundaries(requests, MAX_RECORDS, () -> now);

  @Test
  void transactionEndsAtADatabaseTransactionBoundary() {
    // When
    boolean within = commits(5, WITHIN_TRANSACTION, DeferredVersions.NONE);
    boolean at = commits(5, AT_BOUNDARY, DeferredVersions.NONE);

    // Then
    assertFalse(within);
    assertTrue(at);
  }

  @Test
  void transactionWithDeferredVersionsEndsOnceTheyHaveCome() {
    // When
    boolean deferred = commits(5, AT_BOUNDARY, DEFERRED);
    DeferredVersions afterFirst = remaining;
    boolean reached = commits(0, AT_BOUNDARY, DeferredVersions.NONE);
    boolean again = commits(0, AT_BOUNDARY, DeferredVersions.NONE);

    // Then
    assertFalse(deferred);
    assertEquals(DEFERRED, afterFirst);
    assertTrue(reached, "even if the last of them have no records");
    assertFalse(again, "no transaction is open");
  }

  @Test
  void deferredVersionsAreAwaitedWithinLimits() {
    // Given
    boolean few = commits(MAX_RECORDS - 1, AT_BOUNDARY, DEFERRED);
    boolean many = commits(1, AT_BOUNDARY, DEFERRED);
    boolean soon = commits(1, AT_BOUNDARY, DEFERRED);

    // When
    now = now.plus(TransactionBoundaries.MAX_DURATION);
    boolean late = commits(0, AT_BOUNDARY, DEFERRED);

    // Then
    assertFalse(few);
    assertTrue(many);
    assertFalse(soon);
    assertTrue(late);
    assertTrue(remaining.isEmpty(), "the next transaction does not wait for them");
  }

  private boolean commits(int records, Position position, DeferredVersions deferred) {
    remaining = boundaries.sent(records, position, deferred);
    return requests.taken();
  }
}
