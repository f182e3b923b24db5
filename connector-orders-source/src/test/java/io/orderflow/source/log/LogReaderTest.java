package io.orderflow.source.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orderflow.source.log.LogReader.Taken;
import io.orderflow.source.log.change.DatabaseTransaction;
import io.orderflow.source.offset.Lsn;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LogReaderTest {

  private static final Duration WAIT = Duration.ofSeconds(20);

  private final FakeStream stream = new FakeStream();

  @Test
  void transactionsAreTakenInTheirOrderUpToTheMaximum() throws Exception {
    // Given
    stream.inserts(10, 1, 2).inserts(20, 3).inserts(30, 4, 5).reaches(99);
    try (LogReader reader = reader()) {
      while (reader.queuedOrders() < 5) {
        Thread.onSpinWait();
      }

      // When
      Taken first = reader.take(3, WAIT);
      int left = reader.queuedTransactions();
      Taken second = reader.take(3, WAIT);

      // Then
      assertEquals(List.of(10L, 20L), xids(first));
      assertEquals(new Lsn(21), first.streamedUntil(), "a transaction is still in the queue");
      assertEquals(1, left);
      assertEquals(List.of(30L), xids(second));
      assertEquals(0, reader.queuedOrders());
    }
  }

  @Test
  void positionAdvancesWithoutTransactions() throws Exception {
    // Given
    stream.inserts(10, 1).reaches(99);
    try (LogReader reader = reader()) {
      Taken taken = reader.take(10, WAIT);

      // When
      while (taken.streamedUntil().value() < 99) {
        taken = reader.take(10, Duration.ofMillis(1));
      }

      // Then
      assertEquals(new Lsn(99), taken.streamedUntil());
    }
  }

  @Test
  void failureIsThrownOnceAllEarlierTransactionsAreTaken() throws Exception {
    // Given
    SQLException lost = new SQLException("the connection is lost", "08006");
    stream.inserts(10, 1).inserts(20, 2).fails(lost);
    try (LogReader reader = reader()) {
      List<Long> taken = new ArrayList<>();

      // When
      SQLException thrown =
          assertThrows(
              SQLException.class,
              () -> {
                while (true) {
                  taken.addAll(xids(reader.take(1, Duration.ofMillis(50))));
                }
              });

      // Then
      assertEquals(List.of(10L, 20L), taken);
      assertSame(lost, thrown);
    }
  }

  @Test
  void streamStaysAliveWhileTheQueueIsFull() throws Exception {
    // Given
    for (int i = 1; i <= 10_001; i++) {
      stream.inserts(10L * i, i);
    }
    try (LogReader reader = reader()) {
      // When
      for (long end = System.nanoTime() + WAIT.toNanos();
          stream.timesKeptAlive() == 0 && System.nanoTime() < end; ) {
        Thread.sleep(5);
      }
      int queued = reader.queuedTransactions();
      int taken = 0;
      while (taken < 10_001) {
        taken += reader.take(1_000, WAIT).transactions().size();
      }

      // Then
      assertEquals(10_000, queued);
      assertTrue(stream.timesKeptAlive() > 0);
    }
  }

  @Test
  void closedReaderEndsAWaitForTheCatalog() throws Exception {
    // Given
    CompletableFuture<Boolean> waiting = new CompletableFuture<>();
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    LogReader.RelationNames waits =
        (message, pause) -> {
          waiting.complete(true);
          try {
            pause.await(Duration.ofMinutes(10));
          } finally {
            ended.complete(true);
          }
          return message;
        };
    LogReader reader = new LogReader(stream, waits, FakeStream.assembler(), "test");
    waiting.get(20, TimeUnit.SECONDS);

    // When
    reader.close();

    // Then
    assertTrue(ended.get(20, TimeUnit.SECONDS));
    assertTrue(stream.timesKeptAlive() > 0);
  }

  private LogReader reader() {
    return new LogReader(stream, (message, pause) -> message, FakeStream.assembler(), "test");
  }

  private static List<Long> xids(Taken taken) {
    return taken.transactions().stream().map(DatabaseTransaction::xid).toList();
  }
}
