package io.orderflow.sink.deadletter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.common.failure.RejectionCause;
import io.orderflow.common.failure.RetryTracker;
import io.orderflow.sink.fixture.FakeDeadLetterQueue;
import io.orderflow.sink.fixture.FakeDeadLetterQueue.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
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
          settings(Optional.of("bad-records"), 1),
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
    // Given: the broker refuses the second record
    FakeDeadLetterQueue queue = new FakeDeadLetterQueue();
    DeadLetters refused =
        new DeadLetters(
            (record, cause) -> {
              queue.answer(record.kafkaOffset() == 8 ? Answer.REFUSED : Answer.WRITTEN);
              return queue.report(record, cause);
            },
            settings(Optional.of("bad-records"), 1),
            bad -> written.add(bad.record().kafkaOffset()));
    refused.add(bad(7));
    refused.add(bad(8));

    // When
    ConnectException stopped = assertThrows(ConnectException.class, () -> refused.report(0));

    // Then
    assertTrue(String.valueOf(stopped.getCause()).contains("max.message.bytes"));
    assertTrue(String.valueOf(stopped.getMessage()).contains("t-0@8"));
    assertEquals(List.of(7L), written);
    assertFalse(refused.areWritten());
  }

  @Test
  void tooManyBadRecordsStopTheTaskBeforeAnyIsReported() {
    // Given
    DeadLetters none =
        new DeadLetters(
            (record, cause) -> CompletableFuture.allOf(),
            settings(Optional.empty(), 0),
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

  @Test
  void recordThatTheQueueNeverTakesStopsTheTaskAndIsNotWritten() {
    // Given
    FakeDeadLetterQueue queue = new FakeDeadLetterQueue();
    queue.answer(Answer.NOT_SENT);
    DeadLetters refused = in(queue);
    refused.add(bad(7));
    refused.add(bad(8));

    // When
    ConnectException stopped =
        assertThrows(
            ConnectException.class,
            () -> reportUntil(refused, () -> refused.areWritten() || queue.attempts() > 5));

    // Then
    String message = String.valueOf(stopped.getMessage());
    assertTrue(message.contains("t-0@7") && message.contains("bad-records"), message);
    assertTrue(message.contains("max.request.size"), message);
    assertEquals(5, queue.attempts());
    assertEquals(List.of(), written);
    assertEquals(2, refused.unwritten());
  }

  @Test
  void recordThatTheQueueTakesAtLastIsWrittenOnce() {
    // Given
    FakeDeadLetterQueue queue = new FakeDeadLetterQueue();
    queue.answer(Answer.NOT_SENT);
    DeadLetters delayed = in(queue);
    delayed.add(bad(7));
    reportUntil(delayed, () -> queue.attempts() >= 3);

    // When
    queue.answer(Answer.WRITTEN);
    reportUntil(delayed, delayed::areWritten);

    // Then
    assertEquals(4, queue.attempts());
    assertEquals(1, queue.written().size());
    assertEquals(List.of(7L), written);
  }

  @Test
  void queueThatCannotBeReachedIsWaitedFor() {
    // Given: a producer blocks until max.block.ms
    FakeDeadLetterQueue queue = new FakeDeadLetterQueue();
    queue.answer(Answer.NOT_SENT);
    DeadLetters waiting =
        new DeadLetters(
            (record, cause) -> {
              LockSupport.parkNanos(1_001_000_000L);
              return queue.report(record, cause);
            },
            settings(Optional.of("bad-records"), 1),
            bad -> written.add(bad.record().kafkaOffset()));
    waiting.add(bad(7));

    // When
    reportUntil(waiting, () -> queue.attempts() >= 6);

    // Then
    assertFalse(waiting.areWritten());
  }

  @Test
  void reportThatTheBrokerAnswersBeforeConnectLooksIsNotRepeated() {
    // Given: the future of a failed report, but Connect has counted no failure
    FakeDeadLetterQueue queue = new FakeDeadLetterQueue();
    queue.answer(Answer.NOT_SENT);
    DeadLetters fast =
        new DeadLetters(
            queue,
            settings(Optional.of("bad-records"), 1, 10, () -> OptionalDouble.of(3)),
            bad -> written.add(bad.record().kafkaOffset()));
    fast.add(bad(7));

    // When
    fast.report(1);

    // Then
    assertEquals(1, queue.attempts());
    assertEquals(List.of(7L), written);
  }

  @Test
  void reportThatConnectCountsAsAFailureIsRepeated() {
    // Given
    FakeDeadLetterQueue queue = new FakeDeadLetterQueue();
    queue.answer(Answer.NOT_SENT);
    DeadLetters refused =
        new DeadLetters(
            queue,
            settings(Optional.of("bad-records"), 1, 10, () -> OptionalDouble.of(queue.attempts())),
            bad -> written.add(bad.record().kafkaOffset()));
    refused.add(bad(7));

    // When
    refused.report(1);

    // Then
    assertFalse(refused.areWritten());
  }

  @Test
  void recordOfARevokedPartitionIsLeftToItsNextTask() {
    // Given
    FakeDeadLetterQueue queue = new FakeDeadLetterQueue();
    queue.answer(Answer.NOT_SENT);
    DeadLetters revoked = in(queue);
    revoked.add(bad(7));
    revoked.report(1);

    // When
    revoked.drop(List.of(new TopicPartition("t", 0)));
    revoked.report(0);

    // Then
    assertTrue(revoked.areWritten());
    assertEquals(List.of(), written);
  }

  @Test
  void recordsThatConnectOnlyLogsAreDoneAtOnce() {
    // Given
    DeadLetters logged =
        new DeadLetters(
            (record, cause) -> CompletableFuture.allOf(),
            settings(Optional.empty(), 1),
            bad -> written.add(bad.record().kafkaOffset()));
    logged.add(bad(7));

    // When
    logged.report(1);

    // Then
    assertEquals(List.of(7L), written);
  }

  /** As the task's thread does, again and again. */
  private static void reportUntil(DeadLetters letters, BooleanSupplier isDone) {
    long deadline = System.nanoTime() + 15_000_000_000L;
    while (!isDone.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "the record is not reported any more");
      letters.report(0);
    }
  }

  private DeadLetters in(FakeDeadLetterQueue queue) {
    return new DeadLetters(
        queue,
        settings(Optional.of("bad-records"), 1),
        bad -> written.add(bad.record().kafkaOffset()));
  }

  private static DeadLetterSettings settings(Optional<String> queue, double maxRatio) {
    int window = maxRatio == 0 ? 1 : 10;
    return settings(queue, maxRatio, window, OptionalDouble::empty);
  }

  private static DeadLetterSettings settings(
      Optional<String> queue, double maxRatio, int window, QueueFailures failures) {
    return new DeadLetterSettings(
        queue,
        maxRatio,
        window,
        RetryTracker.backoff(Duration.ofMillis(1), Duration.ofMillis(10)),
        failures);
  }

  private static BadRecord bad(long offset) {
    return new BadRecord(
        new SinkRecord("t", 0, null, null, null, null, offset),
        RejectionCause.VALUE,
        new DataException("bad"));
  }
}
