package io.orderflow.source.offset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionSnapshotTest {

  private static final long ROUND = 1L << 32;

  @Test
  void textFormIsRead() {
    // When
    TransactionSnapshot snapshot = TransactionSnapshot.parse("10:20:10,14,15");

    // Then
    assertEquals(10, snapshot.xmin());
    assertEquals(20, snapshot.xmax());
    assertEquals(List.of(10L, 14L, 15L), snapshot.running());
    assertEquals("10:20:10,14,15", snapshot.toString());
    assertEquals(TransactionSnapshot.parse("10:20:10,14,15"), snapshot);
    assertEquals(0, TransactionSnapshot.parse("20:20:").running().size());
  }

  @Test
  void snapshotOfASlotsCreationIsNormalizedForPostgres() {
    // When
    TransactionSnapshot snapshot = TransactionSnapshot.parse("2401:2400:");

    // Then
    assertEquals("2401:2401:", snapshot.toString());
    assertTrue(snapshot.shows(2400));
    assertFalse(snapshot.shows(2401));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "10:20", "10:20:x", "a:20:", "10:20:11,,12", "1:2:3:4"})
  void otherTextsAreRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> TransactionSnapshot.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"9,true", "10,false", "11,true", "14,false", "19,true", "20,false", "21,false"})
  void finishedTransactionsAreShown(long xid, boolean shown) {
    // Given
    TransactionSnapshot snapshot = TransactionSnapshot.parse("10:20:10,14,15");

    // Then
    assertEquals(shown, snapshot.shows(xid));
    assertEquals(shown, snapshot.shows32(xid));
  }

  @Test
  void removedTransactionsAreNoLongerShown() {
    // Given
    TransactionSnapshot snapshot =
        TransactionSnapshot.parse("%d:%d:%d".formatted(ROUND, ROUND + 9, ROUND + 4));

    // When
    TransactionSnapshot without = snapshot.without(List.of(ROUND - 2, 5L, 4L, 9L, 12L));

    // Then
    assertEquals(
        "%d:%d:%d,%d,%d".formatted(ROUND - 2, ROUND + 9, ROUND - 2, ROUND + 4, ROUND + 5),
        without.toString());
    assertTrue(without.shows(ROUND - 1));
    assertEquals(snapshot, snapshot.without(List.of()));
  }

  @Test
  void lower32BitsMeanTheNearestTransaction() {
    // Given
    long third = 3 * ROUND;
    TransactionSnapshot snapshot =
        TransactionSnapshot.parse(
            "%d:%d:%d,%d".formatted(third - 5, third + 10, third - 5, third + 4));

    // Then
    assertTrue(snapshot.shows32(ROUND - 6));
    assertFalse(snapshot.shows32(ROUND - 5));
    assertTrue(snapshot.shows32(ROUND - 4));
    assertTrue(snapshot.shows32(3));
    assertFalse(snapshot.shows32(4));
    assertTrue(snapshot.shows32(9));
    assertFalse(snapshot.shows32(10));
    assertFalse(snapshot.shows32(9 + ROUND / 2));
    assertTrue(snapshot.shows32(10 + ROUND / 2));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2})
  void rowsOfSpecialTransactionsAreAlwaysShown(long xid) {
    // Given
    TransactionSnapshot snapshot = TransactionSnapshot.parse("%1$d:%1$d:".formatted(ROUND + 1));

    // Then
    assertTrue(snapshot.shows32(xid));
    assertFalse(
        snapshot.isWrittenSince(
            xid, TransactionSnapshot.parse("%1$d:%1$d:".formatted(ROUND + 100))));
  }

  @ParameterizedTest
  @CsvSource({"9,false", "10,true", "11,false", "19,false", "20,true", "29,true", "30,false"})
  void rowsWrittenBetweenTwoSnapshotsAreNew(long xid, boolean written) {
    // Given
    TransactionSnapshot before = TransactionSnapshot.parse("10:20:10,14");
    TransactionSnapshot later = TransactionSnapshot.parse("25:30:25");

    // Then
    assertEquals(written, before.isWrittenSince(xid, later));
  }

  @Test
  void rowThatWasFrozenLongAgoIsNotNew() {
    // Given
    long now = 5 * ROUND / 2;
    TransactionSnapshot before = TransactionSnapshot.parse("%1$d:%1$d:".formatted(now));
    TransactionSnapshot later = TransactionSnapshot.parse("%1$d:%1$d:".formatted(now + 1000));

    // Then
    long frozen = (now + 1_000_000) % ROUND;
    assertFalse(before.shows32(frozen));
    assertFalse(before.isWrittenSince(frozen, later));
    assertTrue(before.isWrittenSince((now + 999) % ROUND, later));
  }

  @Test
  void newRowsAreFoundWhereTheLower32BitsWrapAround() {
    // Given
    TransactionSnapshot before =
        TransactionSnapshot.parse("%d:%d:%d".formatted(ROUND - 3, ROUND - 1, ROUND - 3));
    TransactionSnapshot later = TransactionSnapshot.parse("%1$d:%1$d:".formatted(ROUND + 10));

    // Then
    assertFalse(before.isWrittenSince(ROUND - 4, later));
    assertTrue(before.isWrittenSince(ROUND - 3, later));
    assertFalse(before.isWrittenSince(ROUND - 2, later));
    assertTrue(before.isWrittenSince(ROUND - 1, later));
    assertTrue(before.isWrittenSince(9, later));
    assertFalse(before.isWrittenSince(10, later));
  }
}
