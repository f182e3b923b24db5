package io.orderflow.source.log;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.CommitRequests;
import io.orderflow.source.log.change.DeferredVersions;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TransactionBoundariesTest {

  private static final int MOST = 10;

  private final CommitRequests requests = new CommitRequests();
  private final DeferredVersions owed = new DeferredVersions();
  private Instant now = Instant.EPOCH;
  private final TransactionBoundaries transactions =
      new TransactionBoundaries(requests, owed, MOST, () -> now);

  @Test
  void transactionEndsWhereDatabaseTransactionsAreWhole() {
    // When
    boolean part = ends(5, false);
    boolean whole = ends(5, true);

    // Then
    assertFalse(part);
    assertTrue(whole);
  }

  @Test
  void transactionThatShowsLaterChangesEndsWithThem() {
    // Given
    owed.shown("7", 3);

    // When
    boolean early = ends(5, true);
    owed.told("7", 3);
    boolean late = ends(0, true);
    boolean again = ends(0, true);

    // Then
    assertFalse(early);
    assertTrue(late, "Also where the last of them have no records");
    assertFalse(again, "Nothing is open");
  }

  @Test
  void laterChangesAreWaitedForWithinLimits() {
    // Given
    owed.shown("7", 3);
    boolean few = ends(MOST - 1, true);
    boolean many = ends(1, true);
    owed.shown("7", 3);
    boolean soon = ends(1, true);

    // When
    now = now.plus(TransactionBoundaries.LONGEST_WAIT);
    boolean late = ends(0, true);

    // Then
    assertFalse(few);
    assertTrue(many);
    assertFalse(soon);
    assertTrue(late);
    assertTrue(owed.isNothing(), "What is waited for no longer is not waited for in the next one");
  }

  private boolean ends(int some, boolean between) {
    transactions.sending(some, between);
    return requests.taken();
  }
}
