package io.orderflow.sink.deadletter;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

class DeadLetterRatioTest {

  @Test
  void tooManyBadOnesStopTheTaskOnceTheWindowIsFull() {
    // Given
    DeadLetterRatio ratio = new DeadLetterRatio(0.5, 100);
    ratio.count(99, 99);

    // When
    ConnectException stopped = assertThrows(ConnectException.class, () -> ratio.count(1, 1));

    // Then
    String message = String.valueOf(stopped.getMessage());
    assertTrue(message.contains("100 of the last 100 records"), message);
    assertTrue(message.contains("dead.letter.max.ratio"), message);
  }

  @Test
  void asManyAsAreAllowedPass() {
    DeadLetterRatio ratio = new DeadLetterRatio(0.5, 100);
    for (int i = 0; i < 1_000; i++) {
      ratio.count(2, 1);
    }
  }

  @Test
  void goodRecordsOfLongAgoDoNotHideBadOnes() {
    // Given
    DeadLetterRatio ratio = new DeadLetterRatio(0.5, 100);
    for (int i = 0; i < 10_000; i++) {
      ratio.count(10, 0);
    }

    // Then
    assertThrows(
        ConnectException.class,
        () -> {
          for (int i = 0; i < 60; i++) {
            ratio.count(1, 1);
          }
        });
  }

  @Test
  void badRecordsOfLongAgoAreForgotten() {
    // Given
    DeadLetterRatio ratio = new DeadLetterRatio(0.1, 100);
    ratio.count(90, 9);
    ratio.count(1_000, 0);

    // Then
    assertDoesNotThrow(() -> ratio.count(100, 10));
  }

  @Test
  void oneLetsEverythingPassAndZeroNothing() {
    assertDoesNotThrow(() -> new DeadLetterRatio(1, 10).count(1_000, 1_000));
    assertThrows(ConnectException.class, () -> new DeadLetterRatio(0, 10).count(1_000, 1));
  }

  @Test
  void looksWithoutRecordsTakeNoMemory() {
    // Given
    DeadLetterRatio ratio = new DeadLetterRatio(0.5, 100);
    ratio.count(50, 0);
    Runtime memory = Runtime.getRuntime();
    System.gc();
    long before = memory.totalMemory() - memory.freeMemory();

    // When
    for (int i = 0; i < 3_000_000; i++) {
      ratio.count(0, 0);
    }

    // Then
    System.gc();
    long more = memory.totalMemory() - memory.freeMemory() - before;
    assertTrue(more < 20_000_000, more + " bytes");
  }
}
