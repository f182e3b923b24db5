package io.orderflow.sink.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.sink.fixture.FakeSinkContext;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DeadLettersTest {

  private static final SinkMetrics METRICS = new SinkMetrics(FakeSinkContext.metrics());

  private final List<CompletableFuture<String>> reports = new CopyOnWriteArrayList<>();
  private final DeadLetters letters =
      new DeadLetters(
          (record, cause) -> {
            CompletableFuture<String> report = new CompletableFuture<>();
            reports.add(report);
            return report.thenAccept(written -> {});
          },
          new DeadLetterRatio(1, 10),
          METRICS);

  @Test
  void offsetsStayUntilTheirReportsAreWritten() {
    // Given
    letters.add(ParsedRecords.bad(0, 7));
    letters.add(ParsedRecords.bad(0, 8));

    // When: the queue does not answer, and nobody is kept waiting for long
    letters.report(3);

    // Then
    assertFalse(letters.areWritten());
    assertEquals(Map.of(0, 7L), unreported());

    // When
    reports.get(0).complete("written");
    letters.report(0);

    // Then
    assertEquals(Map.of(0, 8L), unreported());

    // When
    reports.get(1).complete("written");
    letters.report(0);

    // Then: each was reported once
    assertTrue(letters.areWritten());
    assertEquals(Map.of(), unreported());
    assertEquals(2, reports.size());
  }

  @Test
  void failedReportStopsTheTaskAndKeepsTheOffsets() {
    // Given
    letters.add(ParsedRecords.bad(0, 7));
    letters.add(ParsedRecords.bad(1, 8));

    // When
    Thread broker =
        new Thread(
            () -> {
              while (reports.size() < 2) {
                Thread.onSpinWait();
              }
              reports.get(0).complete("written");
              reports.get(1).completeExceptionally(new IOException("queue is gone"));
            });
    broker.start();
    ConnectException stopped = assertThrows(ConnectException.class, () -> letters.report(0));

    // Then
    assertTrue(String.valueOf(stopped.getCause()).contains("queue is gone"));
    assertEquals(Map.of(1, 8L), unreported());
  }

  @Test
  void tooManyBadOnesAreKeptToo() {
    // Given
    DeadLetters none =
        new DeadLetters(
            (record, cause) -> CompletableFuture.allOf(), new DeadLetterRatio(0, 1), METRICS);
    none.add(ParsedRecords.bad(0, 7));

    // When
    assertThrows(ConnectException.class, () -> none.report(1));

    // Then
    Map<TopicPartition, Long> offsets = new HashMap<>();
    none.earliest(offsets);
    assertEquals(Map.of(0, 7L), ParsedRecords.byNumber(offsets));
  }

  @Test
  void interruptionIsNotLost() {
    // Given
    letters.add(ParsedRecords.bad(0, 7));
    Thread.currentThread().interrupt();

    // Then
    assertThrows(ConnectException.class, () -> letters.report(0));
    assertTrue(Thread.interrupted());
    assertFalse(unreported().isEmpty());
  }

  private Map<Integer, Long> unreported() {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    letters.earliest(offsets);
    return ParsedRecords.byNumber(offsets);
  }
}
