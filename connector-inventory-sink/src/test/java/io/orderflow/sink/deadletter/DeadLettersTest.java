package io.orderflow.sink.deadletter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.failure.RejectionCause;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DeadLettersTest {

  private final BlockingQueue<CompletableFuture<String>> reports = new LinkedBlockingQueue<>();
  private final List<Long> written = new ArrayList<>();
  private final DeadLetters letters =
      new DeadLetters(
          (record, cause) -> {
            CompletableFuture<String> report = new CompletableFuture<>();
            reports.add(report);
            return report.thenAccept(done -> {});
          },
          1,
          10,
          bad -> written.add(bad.record().kafkaOffset()));

  @Test
  void recordIsWrittenOnceItsReportIs() throws InterruptedException {
    // Given
    letters.add(bad(7));
    letters.add(bad(8));

    // When: the queue does not answer, and the wait is short
    letters.report(3);

    // Then
    assertFalse(letters.areWritten());
    assertEquals(List.of(), written);

    // When
    reports.take().complete("written");
    letters.report(0);

    // Then
    assertFalse(letters.areWritten());
    assertEquals(List.of(7L), written);

    // When
    reports.take().complete("written");
    letters.report(0);

    // Then: each was reported once
    assertTrue(letters.areWritten());
    assertEquals(List.of(7L, 8L), written);
    assertEquals(0, reports.size());
  }

  @Test
  void failedReportStopsTheTaskAndIsNotWritten() {
    // Given
    letters.add(bad(7));
    letters.add(bad(8));

    // When
    CompletableFuture<Void> broker =
        CompletableFuture.runAsync(
            () -> {
              try {
                reports.take().complete("written");
                reports.take().completeExceptionally(new IOException("queue is gone"));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    ConnectException stopped = assertThrows(ConnectException.class, () -> letters.report(0));
    broker.join();

    // Then
    assertTrue(String.valueOf(stopped.getCause()).contains("queue is gone"));
    assertEquals(List.of(7L), written);
    assertFalse(letters.areWritten());
  }

  @Test
  void tooManyBadRecordsStopTheTaskBeforeAnyIsReported() {
    // Given
    DeadLetters none =
        new DeadLetters(
            (record, cause) -> CompletableFuture.allOf(),
            0,
            1,
            bad -> written.add(bad.record().kafkaOffset()));
    none.add(bad(7));

    // When
    assertThrows(ConnectException.class, () -> none.report(1));

    // Then
    assertEquals(List.of(), written);
    assertFalse(none.areWritten());
  }

  @Test
  void interruptionIsKept() {
    // Given
    letters.add(bad(7));
    Thread.currentThread().interrupt();

    // When
    assertThrows(ConnectException.class, () -> letters.report(0));

    // Then
    assertTrue(Thread.interrupted());
    assertEquals(List.of(), written);
  }

  private static BadRecord bad(long offset) {
    return new BadRecord(
        new SinkRecord("t", 0, null, null, null, null, offset),
        RejectionCause.VALUE,
        new DataException("bad"));
  }
}
