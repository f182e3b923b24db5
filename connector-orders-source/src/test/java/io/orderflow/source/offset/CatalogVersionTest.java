package io.orderflow.source.offset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CatalogVersionTest {

  private static final long HALF = 1L << 31;
  private static final long MASK = (1L << 32) - 1;

  @Test
  void rowsOfLaterTransactionsAreKnownAsLongAsTheStateIsSeenAgain() {
    // Given
    long begun = (5L << 32) + 700;
    CatalogVersion version = new CatalogVersion("1", begun);

    // When
    for (long xid = begun; xid < begun + (3L << 32); xid += HALF / 5) {
      version = version.seenAgain(xid);

      // Then
      assertTrue(version.isLoggedSince(xid & MASK), version.toString());
      assertFalse(version.isLoggedSince((version.since() - 1) & MASK), version.toString());
      assertEquals("1", version.fingerprint());
    }
  }

  @Test
  void firstTransactionStaysWhileItIsNear() {
    // Given
    CatalogVersion version = new CatalogVersion("1", 700);

    // When
    CatalogVersion again = version.seenAgain(1L << 30);

    // Then
    assertEquals(version, again);
  }
}
